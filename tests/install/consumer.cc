// An application that knows nothing of the library but its installed headers.
#include <logs_sdk/logs_sdk.h>

#include <iostream>

int main() {
  try {
    logs_sdk::LogSDK incomplete{logs_sdk::Config{}};
  } catch (const logs_sdk::ConfigError& error) {  // thrown in the library, caught here by its type
    std::cout << error.option() << "\n";
  }
  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());
  logs_sdk::Exchange exchange = logs.begin();
  exchange.request_line("GET", "/consumer", "HTTP/1.1");
  exchange.finish();
  logs.close(std::chrono::milliseconds(1));
  const logs_sdk::Stats stats = logs.stats();
  return stats.spool.captured == 1 && stats.spool.pending == 1 ? 0 : 1;
}
