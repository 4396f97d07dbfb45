// Memory that runs out at any allocation: the application goes on, nothing is thrown into it, and every entry that
// could not be kept is counted.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>

#include "logs_sdk/logs_sdk.h"
#include "testing/temporary_folder.h"

namespace {

// Of this thread: the number of allocations that still succeed; negative, all do. One fails, as under a peak of others.
thread_local long t_allocations_left = -1;

bool fails_now() noexcept { return t_allocations_left >= 0 && t_allocations_left-- == 0; }

}  // namespace

// Not inlined: g++ takes one that is for a mismatch of the other.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const memory = fails_now() ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace logs_sdk {
namespace {

Config config_in(const TemporaryFolder& folder) {
  Config config;
  config.endpoint = "http://127.0.0.1:9/api/v1/ingest/logs";  // nobody takes anything
  config.api_key = "k";
  config.api_secret = "s";
  config.project_slug = "test";
  config.offline_dir = folder.file("spool");
  config.on_message = [](MessageLevel, std::string_view) {};
  return config;
}

void serve_one(LogSDK& logs) {
  Exchange exchange = logs.begin();
  exchange.request_line("GET", "/orders/7?colour=red", "HTTP/1.1");
  exchange.request_header("host", "h");
  exchange.status(200);
  exchange.finish();
}

std::uint64_t captured(const Stats& stats) { return stats.spool.captured + stats.memory.captured; }

// Runs `work` with its first, second, … allocation failing until one run needs fewer than that.
template <typename Work>
void with_each_allocation_failing(const Work& work) {
  for (long nth = 0;; ++nth) {
    SCOPED_TRACE("allocation " + std::to_string(nth));
    const TemporaryFolder folder;
    LogSDK logs(config_in(folder));
    work(logs, nth);
    const bool failed = t_allocations_left < 0;
    t_allocations_left = -1;
    logs.start();
    serve_one(logs);
    const Stats stats = logs.stats();
    EXPECT_EQ(captured(stats), 2u);
    EXPECT_EQ(stats.spool.pending + stats.memory.pending + stats.spool.dropped.total() + stats.memory.dropped.total(),
              2u);
    logs.close(std::chrono::milliseconds(0));
    if (!failed || ::testing::Test::HasFailure()) return;
  }
}

TEST(OutOfMemoryTest, the_first_exchange_and_what_starts_with_it) {
  with_each_allocation_failing([](LogSDK& logs, long nth) {
    t_allocations_left = nth;
    serve_one(logs);
  });
}

TEST(OutOfMemoryTest, an_entry_of_the_application) {
  with_each_allocation_failing([](LogSDK& logs, long nth) {
    logs.start();
    t_allocations_left = nth;
    logs.send(LogEntry());
  });
}

TEST(OutOfMemoryTest, a_message_of_the_application) {
  Tags tags;
  tags["colour"] = "longer than what stands within a string object";
  with_each_allocation_failing([&](LogSDK& logs, long nth) {
    logs.start();
    t_allocations_left = nth;
    logs.info("longer than what stands within a string object", tags);
  });
}

TEST(OutOfMemoryTest, an_entry_of_the_infrastructure) {
  with_each_allocation_failing([](LogSDK& logs, long nth) {
    logs.start();
    InfraLogEntry entry;
    entry.message = "password=hush, so that something is masked";
    t_allocations_left = nth;
    logs.upload_infra_log(std::move(entry));
  });
}

}  // namespace
}  // namespace logs_sdk
