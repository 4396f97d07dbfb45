#include "tests/conformance/conversation.h"

#include <string_view>
#include <utility>

#include "testing/raw_client.h"

namespace logs_sdk::conformance {
namespace {

// Small enough that the server has to wait for the client, large enough to be done in a moment.
constexpr std::size_t kSlowPiece = 4096;

class Speaker {
 public:
  explicit Speaker(std::unique_ptr<RawWire> wire) : client_(std::move(wire)) {}

  void operator()(const Send& step) { client_.send(step.bytes); }
  void operator()(ReadAnswer) {
    const RawAnswer answer = client_.read_answer();
    heard += answer.head + "\r\n\r\n" + answer.body;
  }
  void operator()(ReadBytes step) { heard += client_.read(step.size); }
  void operator()(ReadToEnd) { heard += client_.read_to_end(); }
  void operator()(ReadSlowly) { heard += client_.read_to_end(kSlowPiece); }
  void operator()(StopSending) { client_.finish_sending(); }
  void operator()(Reset) { client_.reset_on_close(); }

  std::string heard;

 private:
  RawClient client_;
};

}  // namespace

std::string converse(std::unique_ptr<RawWire> wire, const Conversation& conversation) {
  Speaker speaker(std::move(wire));
  for (const auto& step : conversation) std::visit(speaker, step);
  return std::move(speaker.heard);
}

std::string without_dates(std::string answer) {
  constexpr std::string_view kDate = "\r\nDate: ";
  for (std::size_t at = 0; (at = answer.find(kDate, at)) != std::string::npos;) {
    at += kDate.size();
    answer.erase(at, answer.find('\r', at) - at);
  }
  return answer;
}

}  // namespace logs_sdk::conformance
