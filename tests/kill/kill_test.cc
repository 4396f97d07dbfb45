// kill_test [--rounds N]: kills a process that is capturing, again and again, and looks for every entry it had
// accepted.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "testing/seeded_random.h"
#include "tests/kill/kill_round.h"

int main(int argc, char** argv) {
  unsigned long rounds = 200;
  if (argc == 3 && std::strcmp(argv[1], "--rounds") == 0) {
    rounds = std::strtoul(argv[2], nullptr, 10);
  } else if (argc != 1) {
    std::fprintf(stderr, "usage: kill_test [--rounds N]\n");
    return 2;
  }
  logs_sdk::SeededRandom random;
  logs_sdk::KillCounts sum;
  for (unsigned long round = 0; round < rounds; ++round) {
    logs_sdk::KillOptions options;
    options.map_segments = round % 2 == 0;
    if (round % 8 == 0) options.payload_bytes = 60'000;
    if (round % 4 >= 2) options.max_bytes = 1 << 20;  // the cap drops segments
    const logs_sdk::KillCounts counts = run_kill_round(options, random);
    if (counts.failures() > 0) {
      std::printf("round %lu (%s, cap %llu): lost=%llu wrong=%llu duplicated=%llu revived=%llu unbalanced=%llu\n",
                  round, options.map_segments ? "mapped" : "written",
                  static_cast<unsigned long long>(options.max_bytes), static_cast<unsigned long long>(counts.lost),
                  static_cast<unsigned long long>(counts.wrong), static_cast<unsigned long long>(counts.duplicated),
                  static_cast<unsigned long long>(counts.revived), static_cast<unsigned long long>(counts.unbalanced));
    }
    sum += counts;
  }
  std::printf(
      "rounds=%lu accepted=%llu settled=%llu dropped=%llu recovered=%llu lost=%llu wrong=%llu duplicated=%llu "
      "revived=%llu unbalanced=%llu\n",
      rounds, static_cast<unsigned long long>(sum.accepted), static_cast<unsigned long long>(sum.settled),
      static_cast<unsigned long long>(sum.dropped), static_cast<unsigned long long>(sum.recovered),
      static_cast<unsigned long long>(sum.lost), static_cast<unsigned long long>(sum.wrong),
      static_cast<unsigned long long>(sum.duplicated), static_cast<unsigned long long>(sum.revived),
      static_cast<unsigned long long>(sum.unbalanced));
  return sum.failures() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
