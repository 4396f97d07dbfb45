#include "src/shipper/curl_transport.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "src/base/sigpipe_held_back.h"
#include "src/shipper/curl_descriptors.h"
#include "src/shipper/system_ca_file.h"

namespace logs_sdk::inline v1 {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds kMaxConnect{5000};
// Of what libcurl copies a body through: room for a whole batch, so that it is sent in as few calls as the socket
// takes. Measured for 0.8 MB on loopback, CPU per entry from spool to answer, medians on a busy machine: 1.27 us with
// 128 KiB, 1.2 us with 256 KiB, 1.0 us with this.
constexpr long kUploadBufferBytes = 1L << 20;

struct EasyDeleter {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

// Once for the process, by the first transport; libcurl keeps count of others' calls.
bool initialise_curl() {
  static const bool initialised = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return initialised;
}

void append_header(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

HeaderList header_list(const HttpRequest& request) {
  HeaderList list;
  for (const auto& [name, value] : request.headers) append_header(list, name + ": " + value);
  append_header(list, "Accept: application/json");
  append_header(list, "Expect:");  // none: waiting for 100-continue would cost a round trip or a second each time
  return list;
}

std::string_view trim(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

// What libcurl hands over during one attempt.
struct Received {
  HttpResponse response;
  std::size_t header_bytes = 0;
  bool headers_too_large = false;
  bool body_is_cut = false;
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& received = *static_cast<Received*>(user);
  const std::string_view line(data, size * count);
  received.header_bytes += line.size();
  if (received.header_bytes > kMaxAnswerHeaderBytes) {
    received.headers_too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) received.response.headers.clear();  // the headers of a 1xx are not the answer's
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  received.response.headers.emplace_back(lower(line.substr(0, colon)), trim(line.substr(colon + 1)));
  return line.size();
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& received = *static_cast<Received*>(user);
  const std::size_t offered = size * count;
  const std::size_t taken = std::min(offered, kMaxAnswerBytes - received.response.body.size());
  received.response.body.append(data, taken);
  received.body_is_cut = taken < offered;
  return taken;  // less than offered ends the transfer
}

// A program that the application starts must not inherit the connection.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) noexcept {
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// libcurl is about to look a name up; what it opens for that is told after the call that does it.
int on_lookup(void*, void*, void* begun) noexcept {
  *static_cast<bool*>(begun) = true;
  return 0;
}

// Posts through a multi handle of one transfer, because that can be woken from any thread.
class CurlTransport final : public HttpTransport {
 public:
  explicit CurlTransport(CurlOptions options) : options_(std::move(options)) {
    if (usable()) configure();
  }

  // Ending TLS on a connection that the peer has closed writes to it. libcurl would hold the signal back only if it
  // might handle signals for the whole process.
  ~CurlTransport() override {
    const SigpipeHeldBack held;
    multi_.reset();
    easy_.reset();
  }

  Result<HttpResponse> post(const HttpRequest& request, SteadyTime deadline) override {
    const SigpipeHeldBack held;
    if (!usable()) return Status(Code::kRetry, "libcurl could not be initialised");
    if (Status read = read_authorities(); !read.ok()) return read;
    const HeaderList headers = header_list(request);
    set_request(request, headers.get());
    Result<HttpResponse> result = perform(deadline);
    if (broke_while_sending_) result = perform(deadline);
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, nullptr);
    curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDS, nullptr);
    return result;
  }

  void cancel() noexcept override {
    cancelled_.store(true, std::memory_order_release);
    if (usable()) curl_multi_wakeup(multi_.get());
  }

 private:
  bool usable() const noexcept { return initialised_ && easy_ && multi_; }

  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_.get(), option, value);
  }

  void configure() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_POST, 1L);
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // One request at a time: streams would add nothing, and their flow control makes an upload wait.
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_UPLOAD_BUFFERSIZE, kUploadBufferBytes);
    // The keys are for the platform: what a proxy is told in CONNECT, and what it answers, is kept apart.
    set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    if (curl_leaves_open()) {
      set(CURLOPT_RESOLVER_START_FUNCTION, &on_lookup);
      set(CURLOPT_RESOLVER_START_DATA, &lookup_begun_);
    }
    set(CURLOPT_HEADERFUNCTION, &on_header);
    set(CURLOPT_WRITEFUNCTION, &on_body);
#if LIBCURL_VERSION_NUM >= 0x075500
    set(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
    set(CURLOPT_QUICK_EXIT, 1L);  // a name service that hangs must not make cancel() wait for it
#endif
    set(CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!options_.ca_file.empty()) {
      // The folder of the system's certificates would otherwise be trusted beside the file.
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
      set(CURLOPT_PROXY_CAPATH, static_cast<const char*>(nullptr));
    }
    // An empty proxy is none at all, also none of the environment.
    if (!options_.proxy.empty() || !options_.environment_proxy) set(CURLOPT_PROXY, options_.proxy.c_str());
  }

  // What a new connection trusts: the bytes of the file as it is now. A kept connection that trusted others is left.
  Status read_authorities() {
    if (ca_file_.empty()) return {};
    Result<std::string> read = read_ca_file(ca_file_);
    if (!read.ok()) return Status(Code::kRetry, ca_file_ + ": " + read.status().message());
    if (read.value() == authorities_) return {};
    authorities_ = std::move(read).value();
    curl_blob blob{.data = authorities_.data(), .len = authorities_.size(), .flags = CURL_BLOB_COPY};
    set(CURLOPT_CAINFO_BLOB, &blob);
    set(CURLOPT_PROXY_CAINFO_BLOB, &blob);
    return {};
  }

  // Of which libcurl itself thinks; empty when it does not tell.
  std::string built_in_ca_file() const {
    const char* path = nullptr;
#if LIBCURL_VERSION_NUM >= 0x075400
    curl_easy_getinfo(easy_.get(), CURLINFO_CAINFO, &path);
#endif
    return path == nullptr ? "" : path;
  }

  void set_request(const HttpRequest& request, curl_slist* headers) {
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.data());
  }

  // One attempt with what set_request() has set. Where a kept connection turns out to be closed, libcurl itself makes
  // one more on a new one, unless it notices in the middle of the body: then post() does. Should the batch arrive
  // twice, the platform notices by the entries' uuids.
  Result<HttpResponse> perform(SteadyTime deadline) {
    const auto left = duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= milliseconds::zero()) return Status(Code::kRetry, "no time was left to send");
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(left, kMaxConnect).count()));
    broke_while_sending_ = false;
    Received received;
    set(CURLOPT_HEADERDATA, &received);
    set(CURLOPT_WRITEDATA, &received);
    error_[0] = '\0';
    curl_multi_add_handle(multi_.get(), easy_.get());
    const std::optional<CURLcode> code = transfer(deadline);
    Result<HttpResponse> result = conclude(code, std::move(received));
    curl_multi_remove_handle(multi_.get(), easy_.get());  // a transfer that was cut off: its connection is closed
    return result;
  }

  // Absent: cut off by the deadline or by cancel().
  std::optional<CURLcode> transfer(SteadyTime deadline) {
    for (;;) {
      int running = 0;
      if (cancelled_.load(std::memory_order_acquire)) return std::nullopt;
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
      if (std::exchange(lookup_begun_, false)) close_lookup_on_exec(multi_.get());
      if (running == 0) break;
      const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
      if (left <= milliseconds::zero()) return std::nullopt;
      // Bounded, so that the conversion to int is: the loop looks again.
      const auto wait = static_cast<int>(std::min(left, milliseconds(60'000)).count());
      curl_multi_poll(multi_.get(), nullptr, 0, wait, nullptr);
    }
    int queued = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &queued);
    return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
  }

  Result<HttpResponse> conclude(std::optional<CURLcode> code, Received received) {
    if (!code) {
      return Status(Code::kRetry, cancelled_.load(std::memory_order_relaxed) ? "the request was cut off"
                                                                             : "no answer within the time allowed");
    }
    if (received.headers_too_large) {
      return Status(Code::kRetry,
                    "the answer's headers are larger than " + std::to_string(kMaxAnswerHeaderBytes) + " bytes");
    }
    if (*code != CURLE_OK && !received.body_is_cut) {
      long new_connections = 1;
      curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &new_connections);
      broke_while_sending_ = *code == CURLE_SEND_ERROR && new_connections == 0;
      return failure(*code);
    }
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    received.response.status = static_cast<int>(status);
    return std::move(received.response);
  }

  Status failure(CURLcode code) const {
    std::string text = error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
    // A proxy of the environment that it cannot read libcurl quotes, password and all.
    if (code == CURLE_SSL_CACERT_BADFILE) text = ca_file_ + ": " + text;
    if (text.starts_with("Unsupported proxy")) text.resize(std::min(text.find(" in '"), text.find(" for '")));
    return Status(Code::kRetry, std::move(text));
  }

  const CurlOptions options_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  bool broke_while_sending_ = false;            // the last attempt, on a kept connection
  bool lookup_begun_ = false;                   // since its descriptors were last looked at
  const bool initialised_ = initialise_curl();  // before both handles
  std::unique_ptr<CURL, EasyDeleter> easy_{curl_easy_init()};
  std::unique_ptr<CURLM, MultiDeleter> multi_{make_multi()};  // easy_ is part of it within perform() only
  // Empty: libcurl's own ways.
  const std::string ca_file_ = options_.ca_file.empty() ? system_ca_file(built_in_ca_file()) : options_.ca_file;
  std::string authorities_;  // what stands in it, as libcurl was told
  std::atomic<bool> cancelled_{false};
};

}  // namespace

std::unique_ptr<HttpTransport> make_curl_transport(CurlOptions options) {
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace logs_sdk::inline v1
