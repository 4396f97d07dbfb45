// Enrichment: what it costs at ingest to say who called. A user agent that is remembered, and one that is not, for
// which the rules of uap-core are run; CPU of the calling thread.
//
// Every user agent of a miss is new: a browser's with another build number. Medians over rounds.
#include <cstdio>
#include <string>
#include <vector>

#include "bench/figure.h"
#include "server/enrich/user_agents.h"

namespace {

constexpr int kRounds = 30;
constexpr int kPerRound = 200;

// As they come in turn at a site: two desktops, two phones, a program.
std::string user_agent(int number) {
  const std::string build = std::to_string(number);
  switch (number % 5) {
    case 0:
      return "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0." + build +
             ".1 Safari/537.36";
    case 1:
      return "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 Firefox/121." + build;
    case 2:
      return "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0." + build +
             ".2 Mobile Safari/537.36";
    case 3:
      return "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
             "Version/17." +
             build + " Mobile/15E148 Safari/604.1";
    default:
      return "python-requests/2." + build;
  }
}

}  // namespace

int main() {
  const logs_server::UserAgents user_agents;
  user_agents.warm_up();
  int fresh = 0;
  std::size_t told = 0;  // so that nothing is optimised away
  std::vector<double> hit_ns, miss_ns;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::string> texts;
    for (int i = 0; i < kPerRound; ++i) texts.push_back(user_agent(fresh++));
    for (std::vector<double>* const times : {&miss_ns, &hit_ns}) {
      const double begin_ns = bench::thread_cpu_ns();
      logs_server::RuleTime time{std::chrono::hours(1)};
      for (const std::string& text : texts) told += user_agents.describe(text, time)->browser.size();
      times->push_back((bench::thread_cpu_ns() - begin_ns) / kPerRound);
    }
  }
  const auto hits = static_cast<unsigned long long>(user_agents.hits());
  const auto misses = static_cast<unsigned long long>(user_agents.misses());
  if (told == 0 || hits != misses) return 1;
  char detail[100];
  std::snprintf(detail, sizeof detail, "%llu misses, %llu hits; CPU per user agent", misses, hits);
  bench::print_figure("user agent, remembered", bench::median(hit_ns), 0, "ns", detail);
  bench::print_figure("user agent, by the rules", bench::median(miss_ns), 0, "ns", detail);
  return 0;
}
