// ScriptedHttpServer: a real HTTP/1.1 server on loopback that answers as a test says: well, badly, slowly, or never.
//
// Each request takes the next reply of the script; when the script is used up, the fallback answers. Requests are
// recorded with their bodies decoded. Connections are kept alive; each is served by a thread of its own.
// Thread-safety: every call from any thread. The destructor ends every connection, also one that waits for ever.
#ifndef LOGS_SDK_TESTING_SCRIPTED_HTTP_SERVER_H_
#define LOGS_SDK_TESTING_SCRIPTED_HTTP_SERVER_H_

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/compression.h"
#include "testing/connection_server.h"

namespace logs_sdk::inline v1 {

struct RecordedRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // decoded by its Content-Encoding
  std::size_t wire_bytes = 0;                  // of the body as it came
  int connection = 0;                          // counts from 0
};

struct ScriptedReply {
  enum class Behaviour {
    kAnswer,             // the whole answer
    kSlowAnswer,         // byte by byte, `pause` before each
    kSilence,            // the request is read, an answer never comes
    kResetBeforeAnswer,  // the request is read, then RST
    kResetInAnswer,      // half of the answer, then RST
    kResetInRequest,     // RST as soon as the head of the request is read
    kCloseAfter,         // the whole answer, then the connection is closed without a word of it
  };
  int status = 200;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  Behaviour behaviour = Behaviour::kAnswer;
  std::chrono::milliseconds pause{0};
};

// The answer of a platform that gives verdicts: `accepted` of what the request held, the rest duplicates.
inline ScriptedReply verdicts(const RecordedRequest& request, std::size_t accepted, std::size_t duplicate = 0,
                              const std::string& rejected = "") {
  ScriptedReply reply;
  const auto id = request.headers.find("x-batch-id");
  reply.body = R"({"batch_id":")" + (id == request.headers.end() ? "" : id->second) + R"(","accepted":)" +
               std::to_string(accepted) + R"(,"duplicate":)" + std::to_string(duplicate) + R"(,"rejected":[)" +
               rejected + "]}";
  return reply;
}

class ScriptedHttpServer {
 public:
  using Handler = std::function<ScriptedReply(const RecordedRequest&)>;

  // `fallback` answers whenever the script is used up; by default 200 without a body. Unless it listens, connections
  // are refused until listen_now().
  explicit ScriptedHttpServer(
      Handler fallback = [](const RecordedRequest&) { return ScriptedReply{}; }, bool listens = true)
      : fallback_(std::move(fallback)),
        server_(
            [this](int fd, int number) {
              serve({fd, number, {}});
            },
            listens) {}
  ~ScriptedHttpServer() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
  }
  ScriptedHttpServer(const ScriptedHttpServer&) = delete;
  ScriptedHttpServer& operator=(const ScriptedHttpServer&) = delete;

  void listen_now() { server_.listen_now(); }

  std::string url(const std::string& path = "/api/v1/ingest/logs") const {
    return "http://127.0.0.1:" + std::to_string(port()) + path;
  }
  std::uint16_t port() const noexcept { return server_.port(); }

  // Adds to the script.
  void next(ScriptedReply reply) {
    const bool before_body = reply.behaviour == ScriptedReply::Behaviour::kResetInRequest;
    const std::lock_guard lock(mutex_);
    script_.push_back({[reply = std::move(reply)](const RecordedRequest&) { return reply; }, before_body});
  }
  void next_from(Handler handler) {
    const std::lock_guard lock(mutex_);
    script_.push_back({std::move(handler), false});
  }

  std::vector<RecordedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // Blocks until `count` requests have been read.
  void await_requests(std::size_t count) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return requests_.size() >= count; });
  }
  int connections() const { return server_.connections(); }

 private:
  static constexpr std::size_t kMaxRequestBytes = 64 << 20;

  struct Step {
    Handler handler;
    bool before_body;  // it acts when only the head of the request has been read
  };

  // One connection: bytes read and not yet used.
  struct Connection {
    int fd;
    int number;
    std::string unread;
  };

  void serve(Connection connection) {
    while (serve_one(connection)) {
    }
  }

  // False when the connection ends.
  bool serve_one(Connection& connection) {
    RecordedRequest request;
    std::size_t body_size = 0;
    if (!read_head(connection, request, body_size)) return false;
    const Step step = take_step();
    if (!step.before_body) {
      if (!read_until(connection, body_size)) return false;
      decode(connection.unread.substr(0, body_size), request);
      connection.unread.erase(0, body_size);
    }
    const ScriptedReply reply = step.handler(request);
    record(request);
    return answer(connection.fd, reply);
  }

  bool read_head(Connection& connection, RecordedRequest& request, std::size_t& body_size) {
    std::size_t end;
    while ((end = connection.unread.find("\r\n\r\n")) == std::string::npos) {
      if (!read_until(connection, connection.unread.size() + 1)) return false;
    }
    const std::string head = connection.unread.substr(0, end + 2);
    connection.unread.erase(0, end + 4);
    const std::size_t first_space = head.find(' ');
    request.method = head.substr(0, first_space);
    request.target = head.substr(first_space + 1, head.find(' ', first_space + 1) - first_space - 1);
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
      const std::size_t line_end = head.find("\r\n", at);
      const std::size_t colon = head.find(':', at);
      std::string name = head.substr(at, colon - at);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      const std::size_t value = head.find_first_not_of(' ', colon + 1);
      request.headers[name] = head.substr(value, line_end - value);
      at = line_end + 2;
    }
    const auto length = request.headers.find("content-length");
    body_size = length == request.headers.end() ? 0 : std::stoul(length->second);
    request.connection = connection.number;
    return true;
  }

  bool read_until(Connection& connection, std::size_t size) {
    while (connection.unread.size() < size) {
      if (connection.unread.size() > kMaxRequestBytes || !receive_some(connection.fd, connection.unread)) return false;
    }
    return true;
  }

  static void decode(std::string wire, RecordedRequest& request) {
    request.wire_bytes = wire.size();
    const auto encoding = request.headers.find("content-encoding");
    if (encoding == request.headers.end()) {
      request.body = std::move(wire);
      return;
    }
    Decompressor decompressor(encoding->second == "zstd" ? Encoding::kZstd : Encoding::kGzip, kMaxRequestBytes);
    if (!decompressor.write(wire, request.body).ok() || !decompressor.finish().ok()) {
      request.body = "not " + encoding->second;
    }
  }

  Step take_step() {
    const std::lock_guard lock(mutex_);
    if (script_.empty()) return {fallback_, false};
    Step step = std::move(script_.front());
    script_.pop_front();
    return step;
  }

  void record(const RecordedRequest& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    changed_.notify_all();
  }

  // Whether the connection goes on.
  bool answer(int fd, const ScriptedReply& reply) {
    using Behaviour = ScriptedReply::Behaviour;
    const std::string bytes = to_bytes(reply);
    switch (reply.behaviour) {
      case Behaviour::kAnswer:
        return send_all(fd, bytes);
      case Behaviour::kSlowAnswer:
        return std::all_of(bytes.begin(), bytes.end(), [&](char c) {
          return !closes_within(reply.pause) && send_all(fd, {&c, 1});
        });
      case Behaviour::kSilence:
        wait_for_peer(fd);
        return false;
      case Behaviour::kResetInAnswer:
        send_all(fd, std::string_view(bytes).substr(0, bytes.size() / 2));
        return reset(fd);
      case Behaviour::kCloseAfter:
        send_all(fd, bytes);
        return false;
      case Behaviour::kResetBeforeAnswer:
      case Behaviour::kResetInRequest:
        break;
    }
    return reset(fd);
  }

  static std::string to_bytes(const ScriptedReply& reply) {
    std::string bytes = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
    for (const auto& [name, value] : reply.headers) bytes += name + ": " + value + "\r\n";
    return bytes + "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body;
  }

  // Lets close() send RST instead of FIN.
  static bool reset(int fd) {
    const linger abort{1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    return false;
  }

  bool closes_within(std::chrono::milliseconds pause) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, pause, [&] { return closing_; });
  }

  // Until the peer goes away or the server ends.
  static void wait_for_peer(int fd) {
    pollfd waited{fd, POLLRDHUP, 0};
    while (poll(&waited, 1, -1) < 0 && errno == EINTR) {
    }
  }

  const Handler fallback_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  // Guarded by mutex_.
  bool closing_ = false;
  std::deque<Step> script_;
  std::vector<RecordedRequest> requests_;
  // Last: its threads end before what they use.
  ConnectionServer server_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_SCRIPTED_HTTP_SERVER_H_
