// A process to be killed, or to fork: the application of process_test. Its configuration comes from the environment.
//
//     sdk_victim pending N     sends N entries, says "ready" and waits for ever
//     sdk_victim mixed N       the same with N of each kind: entries, messages, entries of the infrastructure
//     sdk_victim one           sends an entry, waits until it is shipped, says where it was kept until then
//     sdk_victim chdir FOLDER  makes the library, changes to that folder, and goes on as `one`
//     sdk_victim prefork       makes the library, forks before its first use, and uses it in both processes
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "logs_sdk/logs_sdk.h"

namespace {

bool send(logs_sdk::LogSDK& logs, const std::string& path) {
  logs_sdk::LogEntry entry;
  entry.path = path;
  return logs.send(entry);
}

int leave_pending(logs_sdk::LogSDK& logs, int count) {
  for (int i = 0; i < count; ++i) {
    if (!send(logs, "/" + std::to_string(i))) return 1;
  }
  std::cout << "ready" << std::endl;
  for (;;) pause();
}

int leave_every_kind_pending(logs_sdk::LogSDK& logs, int count) {
  for (int i = 0; i < count; ++i) {
    logs_sdk::InfraLogEntry infra;
    infra.message = "infra " + std::to_string(i);
    const bool kept = send(logs, "/" + std::to_string(i)) && logs.info("message " + std::to_string(i)) &&
                      logs.upload_infra_log(infra);
    if (!kept) return 1;
  }
  std::cout << "ready" << std::endl;
  for (;;) pause();
}

int ship_one(logs_sdk::LogSDK& logs) {
  const bool shipped = send(logs, "/one") && logs.close(std::chrono::seconds(30));
  std::cout << "spooled " << logs.stats().spool.captured << ", in memory " << logs.stats().memory.captured << std::endl;
  return shipped ? 0 : 1;
}

int use_after_fork(logs_sdk::LogSDK& logs) {
  const pid_t child = fork();
  const bool sent = send(logs, child == 0 ? "/child" : "/parent");
  const bool shipped = logs.close(std::chrono::seconds(30));
  if (child == 0) _exit(sent && shipped ? 0 : 1);
  int status = 1;
  waitpid(child, &status, 0);
  return sent && shipped && status == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());
  if (argc == 3 && std::strcmp(argv[1], "pending") == 0) return leave_pending(logs, std::atoi(argv[2]));
  if (argc == 3 && std::strcmp(argv[1], "mixed") == 0) return leave_every_kind_pending(logs, std::atoi(argv[2]));
  if (argc == 2 && std::strcmp(argv[1], "one") == 0) return ship_one(logs);
  if (argc == 3 && std::strcmp(argv[1], "chdir") == 0) return chdir(argv[2]) == 0 ? ship_one(logs) : 1;
  if (argc == 2 && std::strcmp(argv[1], "prefork") == 0) return use_after_fork(logs);
  return 2;
}
