// The answer of a platform, as hostile as it may be: whatever it says, what it settles must fit the batch.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "src/shipper/answer.h"
#include "src/shipper/printable.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// First byte: the number of entries sent and whether the address has given verdicts before; then status, Retry-After
// and Accept-Encoding in lines of their own; the rest is the body.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.empty()) return 0;
  logs_sdk::Question question;
  question.batch_id = "0123456789abcdef0123456789abcdef";
  question.count = 1 + (static_cast<unsigned char>(text[0]) >> 1) % 100;
  question.confirmed_before = (text[0] & 1) != 0;
  text.remove_prefix(1);
  logs_sdk::HttpResponse response;
  response.status = std::atoi(std::string(take_line(text)).c_str());
  response.headers.emplace_back("retry-after", take_line(text));
  response.headers.emplace_back("accept-encoding", take_line(text));
  response.headers.emplace_back("date", "Sun, 06 Nov 1994 08:49:37 GMT");
  response.body = text;

  const logs_sdk::Answer answer = logs_sdk::judge(response, question);
  require(answer.duplicate + answer.rejected.size() <= question.count);
  std::vector<bool> seen(question.count);
  for (const logs_sdk::Rejection& rejection : answer.rejected) {
    require(rejection.index < question.count && !seen[rejection.index]);
    seen[rejection.index] = true;
    require(rejection.reason == logs_sdk::printable(rejection.reason, rejection.reason.size()));
  }
  require(!answer.retry_after || (answer.retry_after->count() >= 0 && answer.retry_after->count() <= 600));
  return 0;
}
