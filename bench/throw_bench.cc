// What it costs that the stack of every throw is noted: the same program linked with src/throw_stack and without, which
// is asked by the first for its own figure, in turn.
//
//     throw_bench            prints the figures
//     throw_bench N D        throws N exceptions D calls deep, prints the CPU time of one in nanoseconds
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/figure.h"

namespace {

constexpr int kRounds = 15;
constexpr int kThrows = 20000;

[[gnu::noinline]] void throw_below(int depth) {
  if (depth == 0) throw std::runtime_error("the card was refused");
  throw_below(depth - 1);
  asm volatile("");  // no tail call
}

double throw_ns(int count, int depth) {
  const double start = bench::thread_cpu_ns();
  for (int i = 0; i < count; ++i) {
    try {
      throw_below(depth);
    } catch (const std::exception&) {
    }
  }
  return (bench::thread_cpu_ns() - start) / count;
}

double throw_ns_of(const std::string& program, int depth) {
  const std::string command = program + " " + std::to_string(kThrows) + " " + std::to_string(depth);
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), pclose);
  double ns = 0;
  if (output == nullptr || std::fscanf(output.get(), "%lf", &ns) != 1) std::exit(1);
  return ns;
}

void print_depth(int depth, double limit) {
  std::vector<double> with, without;
  for (int round = 0; round < kRounds; ++round) {
    with.push_back(throw_ns(kThrows, depth));
    without.push_back(throw_ns_of(THROW_BENCH_WITHOUT, depth));
  }
  const double noted = bench::median(with), plain = bench::median(without);
  char detail[96];
  std::snprintf(detail, sizeof detail, "throw and catch: noted %.0f ns, not noted %.0f ns CPU", noted, plain);
  bench::print_figure("throw " + std::to_string(depth) + " calls deep, noted / not", noted / plain, limit, "ratio",
                      detail);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3) {
    std::printf("%.1f\n", throw_ns(std::atoi(argv[1]), std::atoi(argv[2])));
    return 0;
  }
  print_depth(10, 2);
  print_depth(40, 2);
}
