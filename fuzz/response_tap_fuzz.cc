// What an application writes, through the tap that reads responses: in one piece and in pieces of which the input's
// first byte tells the size. Both ways the same must be seen, and a tap that is lost takes everything.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "logs_sdk/response_tap.h"
#include "src/capture/exchange_pool.h"
#include "src/capture/exchange_sink.h"
#include "src/capture/exchange_state.h"

namespace {

using namespace logs_sdk;

constexpr const char* kMethods[] = {"GET", "HEAD", "CONNECT", ""};

// What an exchange was told, as text.
class NotingSink : public ExchangeSink {
 public:
  Exchange begin() {
    ExchangeState* state = pool_.take();
    if (state == nullptr) std::abort();
    ExchangeStart start;
    start.sink = this;
    start.max_body_bytes = 64;
    state->begin(start);
    return Exchange(state);
  }
  void finish(ExchangeState* state, Outcome outcome) noexcept override {
    told = std::to_string(static_cast<int>(outcome)) + " " + std::to_string(state->status);
    for (const auto& header : state->response_headers.list)
      told.append("\n").append(state->text(header.name)).append("=").append(state->text(header.value));
    told.append("\n").append(state->response_body.copy);
    told += std::to_string(state->response_body.shown);
    pool_.give_back(state);
  }
  void settle_identity(ExchangeState&) noexcept override {}

  std::string told;

 private:
  ExchangePool pool_;
};

struct Seen {
  std::string told;
  ResponseTap::State state;
  std::size_t taken;
};

Seen look(std::string_view bytes, std::string_view method, std::size_t piece) {
  static NotingSink sink;
  Exchange exchange = sink.begin();
  ResponseTap tap;
  tap.begin(method);
  std::size_t taken = 0;
  while (taken < bytes.size()) {
    const std::string_view given = bytes.substr(taken, piece);
    const std::size_t size = tap.write(exchange, given);
    if (size > given.size()) std::abort();
    taken += size;
    if (size < given.size()) {
      if (tap.state() != ResponseTap::State::kDone) std::abort();
      break;
    }
    if (tap.state() == ResponseTap::State::kDone) break;
  }
  exchange.finish(tap.outcome_at_end());
  return {sink.told, tap.state(), taken};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view method = kMethods[data[0] % 4];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Seen whole = look(bytes, method, bytes.size() + 1);
  const Seen pieces = look(bytes, method, 1u + data[1]);
  if (whole.told != pieces.told || whole.state != pieces.state || whole.taken != pieces.taken) std::abort();
  return 0;
}
