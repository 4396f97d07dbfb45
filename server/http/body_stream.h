// BodyStream: the body of an answer that is written over time, to a client that may be slow, or gone.
//
// A handler puts one into Response::stream and keeps it: it writes, the connection takes what was written whenever the
// client has taken what went before. Nobody waits for the other, and what is between them is bounded.
// Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_HTTP_BODY_STREAM_H_
#define LOGS_SERVER_HTTP_BODY_STREAM_H_

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace logs_server {

// What may wait for a client before write() refuses: some hundred usual entries. The kernel's buffers come on top.
inline constexpr std::size_t kMaxStreamWaitingBytes = 256 * 1024;

class BodyStream {
 public:
  enum class State {
    kOpen,
    kEnding,  // the server drains: say the last word, then end()
    kOver,    // ended, or nobody takes it any more: the client has gone
  };

  // `on_change`: there is room again, or the state is another. Called on a network thread; it must not wait.
  explicit BodyStream(std::function<void()> on_change) : on_change_(std::move(on_change)) {}
  BodyStream(const BodyStream&) = delete;
  BodyStream& operator=(const BodyStream&) = delete;

  // -- For the handler that writes

  // False, and nothing was taken: too much waits already, or the stream is over. A piece is taken whole, however long.
  bool write(std::string_view piece);
  // The body ends after what was written and this, for which there is always room. Without it the answer lasts until
  // the client goes.
  void end(std::string_view last_word = {});
  State state() const;

  // -- For the connection that sends

  // From now on `wake` is called when there is something to take. It must not wait.
  void attach(std::function<void()> wake);
  struct Taken {
    std::string bytes;
    bool is_last = false;
  };
  // Everything that waits.
  Taken take();
  // Asks the writer for its end.
  void drain();
  // Nobody takes anything any more.
  void close();

 private:
  const std::function<void()> on_change_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::function<void()> wake_;
  std::string waiting_;
  State state_ = State::kOpen;
  bool refused_ = false;  // a write, since the last take
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_BODY_STREAM_H_
