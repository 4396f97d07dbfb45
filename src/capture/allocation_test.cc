// Memory: none is allocated for a usual exchange in the steady state, and one that runs out of it harms nobody.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

#include "logs_sdk/current_exchange.h"
#include "src/capture/capture.h"
#include "src/capture/exchange_pool.h"
#include "src/capture/exchange_sink.h"

namespace {

// Of this thread, between arm() and disarm() only: what the test framework allocates does not count.
thread_local bool armed = false;
thread_local std::size_t allocations = 0;
thread_local std::size_t fails_at = 0;

void arm(std::size_t failing = std::numeric_limits<std::size_t>::max()) {
  allocations = 0;
  fails_at = failing;
  armed = true;
}
std::size_t disarm() {
  armed = false;
  return allocations;
}

void* allocate(std::size_t size) {
  if (armed && allocations++ == fails_at) throw std::bad_alloc();
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace logs_sdk {
namespace {

class NullWhat : public std::exception {
 public:
  const char* what() const noexcept override { return nullptr; }
};

// A sink that does as the SDK does: what cannot be captured is counted, not passed on.
class CountingSink : public ExchangeSink {
 public:
  explicit CountingSink(const Config& config)
      : capture_(config, TrustedProxies::parse(config.trusted_proxies).value()) {}

  Exchange begin() {
    ExchangeState* state = pool_.take();
    if (state == nullptr) {
      ++damaged;
      return Exchange();
    }
    ExchangeStart start;
    start.sink = this;
    start.uuid = *Uuid::parse("0192f0c1a2b37c4d8e5f60718293a4b5");
    start.max_body_bytes = capture_.max_body_bytes();
    state->begin(start);
    return Exchange(state);
  }
  void finish(ExchangeState* state, Outcome outcome) noexcept override {
    try {
      capture_.capture(*state, outcome, SteadyTime(), scratch_, entry_);
    } catch (const std::bad_alloc&) {
      state->damaged = true;
    }
    state->damaged ? ++damaged : ++whole;
    message = state->text(state->exception_message);
    pool_.give_back(state);
  }
  void settle_identity(ExchangeState& state) noexcept override { capture_.settle_identity(state); }

  int whole = 0, damaged = 0;
  std::string_view message;  // of the last exception, until the next exchange

 private:
  Capture capture_;
  ExchangePool pool_;
  CaptureScratch scratch_;
  EntryView entry_;
};

Config with_bodies() {
  Config config;
  config.capture_bodies = true;
  return config;
}

void tell(Exchange& exchange, const std::exception_ptr& exception) {
  static const TagValue kTag(std::string("a value that is too long to be kept within a string itself"));
  exchange.request_line("POST", "/api/v1/orders?page=2&q=red+shoes", "HTTP/1.1");
  exchange.scheme("http");
  exchange.peer("10.0.3.4", 51234);
  exchange.request_header_block(
      "Host: shop.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*;q=0.8\r\n"
      "Referer: https://shop.example.com/catalogue?page=3\r\nCookie: session=0f8fad5bd9cb469fa16570867728950e\r\n"
      "X-Forwarded-For: 203.0.113.77, 10.0.3.17\r\nX-Request-ID: 7c9e6679-7425-40de-944b-e07fc1f90ae7\r\n"
      "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n");
  exchange.request_header("Content-Type", "application/json");
  exchange.request_body(R"({"customer":"Anna","items":[{"id":17,"count":2}],"total":129.9})");
  if (exception != nullptr) {
    exchange.exception(exception);
    exchange.add_tag("tag", kTag);
    exchange.set_user("somebody");
  }
  exchange.status(200);
  exchange.response_header_block("Content-Type: application/json\r\nCache-Control: no-store\r\n");
  exchange.response_body_size(512, BodyKind::kBuffered);
}

void one_exchange(CountingSink& sink, const std::exception_ptr& exception = nullptr) {
  Exchange exchange = sink.begin();
  tell(exchange, exception);
  exchange.finish();
}

TEST(Allocation, a_usual_exchange_allocates_nothing_in_the_steady_state) {
  CountingSink sink(with_bodies());
  for (int i = 0; i < 10; ++i) one_exchange(sink);
  arm();
  for (int i = 0; i < 1000; ++i) one_exchange(sink);
  EXPECT_EQ(disarm(), 0u);
  EXPECT_EQ(sink.whole, 1010);
}

TEST(Allocation, the_current_exchange_costs_none_not_even_the_first_time_in_a_thread) {
  Exchange exchange;
  std::size_t allocated = 1;
  std::thread([&] {
    arm();
    current_exchange().set_user("nobody");
    {
      const CurrentExchangeScope scope(exchange);
      current_exchange().set_user("nobody");
    }
    current_exchange().set_user("nobody");
    allocated = disarm();
  }).join();
  EXPECT_EQ(allocated, 0u);
}

TEST(Allocation, memory_that_runs_out_anywhere_damages_the_exchange_and_nothing_else) {
  const std::exception_ptr exception = std::make_exception_ptr(std::runtime_error(std::string(300, 'e')));
  std::size_t failing = 0;
  for (bool failed = true; failed; ++failing) {
    CountingSink sink(with_bodies());  // anew, so that nothing is there yet and everything has to be allocated
    arm(failing);
    one_exchange(sink, exception);
    failed = disarm() > failing;
    EXPECT_EQ(sink.damaged, failed ? 1 : 0) << "allocation " << failing;
    EXPECT_EQ(sink.whole, failed ? 0 : 1) << "allocation " << failing;
    one_exchange(sink, exception);
    EXPECT_EQ(sink.whole, failed ? 1 : 2) << "the exchange after it, allocation " << failing;
  }
  EXPECT_GT(failing, 5u);
}

TEST(Allocation, an_exception_without_a_description_is_one_with_an_empty_one) {
  CountingSink sink(with_bodies());
  one_exchange(sink, std::make_exception_ptr(NullWhat()));
  EXPECT_EQ(sink.whole, 1);
  EXPECT_EQ(sink.message, "");
}

}  // namespace
}  // namespace logs_sdk
