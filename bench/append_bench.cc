// Hand-over: what Spool::append costs a request thread, checksum included, beside the two ways that a service would use
// otherwise: write(2) to a file, and an asynchronous logger (spdlog, one thread, blocking when full).
//
// One alternating run: a burst of 300 ready entries to each in turn, then the spool is shipped to a sink on loopback
// until nothing waits. A burst of which one entry went to memory is void and repeated. Single calls are timed in ticks,
// so the quantiles are of calls, not of bursts.
#include <fcntl.h>
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bench/figure.h"
#include "bench/loopback_sink.h"
#include "bench/spool_fixture.h"
#include "testing/sample_entries.h"
#include "testing/temporary_folder.h"

namespace {

constexpr int kBurst = 300;
constexpr int kRounds = 60;

struct Costs {
  std::vector<double> calls_ns;   // wall clock of every call of a timed burst
  std::vector<double> bursts_ns;  // thread CPU per call, one value per burst that is not timed call by call
};

template <typename Call>
void run_burst(const std::vector<std::string>& entries, std::size_t first, Costs& costs, Call&& call) {
  const double start_ns = bench::thread_cpu_ns();
  for (std::size_t i = 0; i < kBurst; ++i) call(entries[(first + i) % entries.size()]);
  costs.bursts_ns.push_back((bench::thread_cpu_ns() - start_ns) / kBurst);
}

template <typename Call>
void run_timed_burst(const std::vector<std::string>& entries, std::size_t first, Costs& costs, Call&& call) {
  for (std::size_t i = 0; i < kBurst; ++i) {
    const std::string& entry = entries[(first + i) % entries.size()];
    const std::uint64_t before = bench::ticks();
    call(entry);
    costs.calls_ns.push_back(static_cast<double>(bench::ticks() - before) * bench::ns_per_tick());
  }
}

// Runs `burst` with a function that appends, until every entry of it has reached the mapped files. Returns how many
// bursts were void.
template <typename Burst>
int append_burst(bench::SpoolFixture& fixture, Costs& costs, Burst&& burst) {
  for (int voided = 0;; ++voided) {
    fixture.wait_until_prepared();
    const auto before = fixture.spool().in_memory().captured;
    Costs mine;
    burst(mine, [&](const std::string& entry) { fixture.spool().append(0, entry); });
    const bool kept = fixture.spool().in_memory().captured == before;
    if (kept) {
      costs.calls_ns.insert(costs.calls_ns.end(), mine.calls_ns.begin(), mine.calls_ns.end());
      costs.bursts_ns.insert(costs.bursts_ns.end(), mine.bursts_ns.begin(), mine.bursts_ns.end());
      return voided;
    }
    if (fixture.ships()) fixture.drain();
  }
}

double per_entry_with_threads(bench::SpoolFixture& fixture, const std::vector<std::string>& entries, int threads) {
  std::vector<double> burst_ns;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<Costs> costs(static_cast<std::size_t>(threads));
    std::vector<std::thread> workers;
    std::atomic<int> ready{0};
    const auto in_memory = fixture.spool().in_memory().captured;
    for (auto& cost : costs) {
      workers.emplace_back([&] {
        ready.fetch_add(1);
        while (ready.load() < threads) {
        }
        run_burst(entries, 0, cost, [&](const std::string& entry) { fixture.spool().append(0, entry); });
      });
    }
    for (auto& worker : workers) worker.join();
    if (fixture.spool().in_memory().captured == in_memory) {
      for (const auto& cost : costs) burst_ns.push_back(cost.bursts_ns.front());
    }
    fixture.drain();
  }
  return bench::median(burst_ns);
}

// The cost of a call while `waiting` entries stand in the spool and nothing is shipped.
double per_entry_with_backlog(const std::string& folder, const std::vector<std::string>& entries, int waiting) {
  bench::SpoolFixture fixture(folder, 1ull << 30, "");
  for (int i = 0; i < waiting; ++i) {
    fixture.spool().append(0, entries[static_cast<std::size_t>(i) % entries.size()]);
    if (i % kBurst == 0) fixture.wait_until_prepared();
  }
  Costs costs;
  for (int round = 0; round < kRounds / 3; ++round) {
    append_burst(fixture, costs, [&](Costs& mine, auto&& call) { run_burst(entries, 0, mine, call); });
  }
  return bench::median(costs.bursts_ns);
}

std::string text(const char* format, double a, double b, double c = 0) {
  char line[200];
  std::snprintf(line, sizeof line, format, a, b, c);
  return line;
}

void compare(bench::SpoolFixture& fixture, const std::vector<std::string>& entries, const std::string& plain_path,
             spdlog::logger& logger) {
  const bench::OnCore caller(bench::kCallerCore);
  const int plain = open(plain_path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  Costs append;
  Costs write_call;
  Costs async;
  int voided = 0;
  const auto write_plain = [&](const std::string& entry) {
    if (write(plain, entry.data(), entry.size()) < 0) std::abort();
  };
  const auto log_async = [&](const std::string& entry) { logger.info(spdlog::string_view_t(entry)); };
  for (int round = 0; round < kRounds; ++round) {
    const auto first = static_cast<std::size_t>(round * kBurst);
    const auto alternate = [&](auto&& burst) {
      voided += append_burst(fixture, append, burst);
      fixture.drain();
      burst(write_call, write_plain);
      burst(async, log_async);
      logger.flush();
      if (ftruncate(plain, 0) != 0) std::abort();
    };
    alternate([&](Costs& costs, auto&& call) { run_burst(entries, first, costs, call); });
    alternate([&](Costs& costs, auto&& call) { run_timed_burst(entries, first, costs, call); });
  }
  close(plain);
  // CPU of the calling thread, the median of the bursts: what the machine's other work does to a call does not count.
  const double own = bench::median(append.bursts_ns);
  const double write_ns = bench::median(write_call.bursts_ns);
  const double async_ns = bench::median(async.bursts_ns);
  bench::print_figure("hand-over / write(2)", own / write_ns, 0.2, "ratio",
                      text("append %.0f ns, write %.0f ns CPU; %.0f bursts void", own, write_ns, voided));
  bench::print_figure("hand-over / spdlog async", own / async_ns, 0.35, "ratio",
                      text("append %.0f ns, spdlog %.0f ns CPU", own, async_ns));
  bench::print_figure("hand-over, one call", bench::median(append.calls_ns), 0, "ns",
                      text("write %.0f ns, spdlog %.0f ns; medians of single calls, wall clock",
                           bench::median(write_call.calls_ns), bench::median(async.calls_ns)));
  const double p99 = bench::quantile(append.calls_ns, 0.99);
  const double async_p99 = bench::quantile(async.calls_ns, 0.99);
  bench::print_figure("hand-over p99 / spdlog async p99", p99 / async_p99, 0.25, "ratio",
                      text("append %.0f ns, spdlog %.0f ns", p99, async_p99));
}

void print_backlog(const std::string& folder, const std::vector<std::string>& entries) {
  const double few = per_entry_with_backlog(folder, entries, 10);
  const double some = per_entry_with_backlog(folder, entries, 1000);
  const double many = per_entry_with_backlog(folder, entries, 100000);
  bench::print_figure("hand-over with 1,000 waiting / 10 waiting", some / few, 1.25, "ratio",
                      text("%.0f ns, %.0f ns CPU", some, few));
  bench::print_figure("hand-over with 100,000 waiting / 10 waiting", many / few, 1.25, "ratio",
                      text("%.0f ns, %.0f ns CPU", many, few));
}

}  // namespace

int main() {
  const std::vector<std::string> entries = logs_sdk::encoded_sample_entries();
  const logs_sdk::TemporaryFolder folder;
  std::optional<bench::OnCore> background(bench::kBackgroundCore);
  const bench::LoopbackSink sink;
  spdlog::init_thread_pool(8192, 1);
  auto logger = spdlog::basic_logger_mt<spdlog::async_factory>("bench", folder.path() + "/spdlog.log", true);
  logger->set_pattern("%v");
  {
    bench::SpoolFixture fixture(folder.path(), 50ull << 20, sink.url());
    background.reset();
    compare(fixture, entries, folder.path() + "/plain.log", *logger);
    bench::print_figure("hand-over CPU, 1 thread", per_entry_with_threads(fixture, entries, 1), 0, "ns", "");
    bench::print_figure("hand-over CPU, 2 threads", per_entry_with_threads(fixture, entries, 2), 0, "ns",
                        "of each thread");
  }
  logger.reset();
  spdlog::shutdown();
  print_backlog(folder.path(), entries);
}
