// ScriptedTransport: an HttpTransport that answers from a script and keeps what it was asked to send.
//
// Thread-safety: every call from any thread.
#ifndef LOGS_SDK_TESTING_SCRIPTED_TRANSPORT_H_
#define LOGS_SDK_TESTING_SCRIPTED_TRANSPORT_H_

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/shipper/http_transport.h"

namespace logs_sdk::inline v1 {

class ScriptedTransport final : public HttpTransport {
 public:
  struct Sent {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    SteadyTime deadline;

    std::string header(std::string_view name) const {
      for (const auto& [key, value] : headers) {
        if (key == name) return value;
      }
      return "";
    }
    // Entries in the body, for payloads without nested objects.
    std::size_t count() const { return static_cast<std::size_t>(std::count(body.begin(), body.end(), '{')) - 1; }
  };
  using Handler = std::function<Result<HttpResponse>(const Sent&)>;

  // `fallback` answers when the script is used up; by default every entry is accepted, with verdicts.
  explicit ScriptedTransport(Handler fallback = accept_all) : fallback_(std::move(fallback)) {}

  static Result<HttpResponse> accept_all(const Sent& sent) { return verdicts(sent, sent.count()); }
  static HttpResponse verdicts(const Sent& sent, std::size_t accepted, std::size_t duplicate = 0,
                               const std::string& rejected = "") {
    HttpResponse response;
    response.status = 200;
    response.body = R"({"batch_id":")" + sent.header("X-Batch-Id") + R"(","accepted":)" + std::to_string(accepted) +
                    R"(,"duplicate":)" + std::to_string(duplicate) + R"(,"rejected":[)" + rejected + "]}";
    return response;
  }

  void next_from(Handler handler) {
    const std::lock_guard lock(mutex_);
    script_.push_back(std::move(handler));
  }
  void next(HttpResponse response) {
    next_from([response = std::move(response)](const Sent&) -> Result<HttpResponse> { return response; });
  }
  void next_status(int status) { next(HttpResponse{status, {}, ""}); }
  void next_failure() {
    next_from([](const Sent&) -> Result<HttpResponse> { return Status(Code::kRetry, "connection refused"); });
  }
  // The next request is not answered before cancel().
  void next_silence() {
    next_from([this](const Sent&) -> Result<HttpResponse> {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return cancelled_; });
      return Status(Code::kRetry, "the request was cut off");
    });
  }

  std::vector<Sent> sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
  }
  void await_sent(std::size_t count) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sent_.size() >= count; });
  }

  Result<HttpResponse> post(const HttpRequest& request, SteadyTime deadline) override {
    Sent sent{request.url, request.headers, std::string(request.body), deadline};
    Handler handler = fallback_;
    {
      const std::lock_guard lock(mutex_);
      sent_.push_back(sent);
      changed_.notify_all();
      if (cancelled_) return Status(Code::kRetry, "the request was cut off");
      if (!script_.empty()) {
        handler = std::move(script_.front());
        script_.pop_front();
      }
    }
    return handler(sent);
  }
  void cancel() noexcept override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }

 private:
  const Handler fallback_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  // Guarded by mutex_.
  std::deque<Handler> script_;
  std::vector<Sent> sent_;
  bool cancelled_ = false;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_SCRIPTED_TRANSPORT_H_
