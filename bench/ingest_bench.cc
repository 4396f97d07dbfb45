// Ingest: CPU of logs-server per entry, end to end: posts of 100 over ten connections, each answered after the commit.
// Beside it, in this process, what no server of this store can do without: every field of the same bytes read on
// demand, and the same rows handed to the same store directly, 1,000 a transaction.
//
// The two run alternately. First argument: path of the logs-server binary (default: ../server beside this one).
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <simdjson.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/figure.h"
#include "bench/sample_project.h"
#include "bench/spool_fixture.h"
#include "server/ingest/batch_parser.h"
#include "server/store/sqlite_store.h"
#include "src/base/uuid7.h"
#include "testing/sample_entries.h"
#include "testing/temporary_folder.h"

namespace {

constexpr int kConnections = 10;
constexpr int kPostsPerConnection = 10;  // of a round
constexpr int kEntriesPerPost = 100;
constexpr int kEntriesPerRound = kConnections * kPostsPerConnection * kEntriesPerPost;
constexpr int kDirectRows = 1000;
constexpr int kRounds = 7;
// logs-server in a process of its own, on a folder of its own.
class Server {
 public:
  Server(const std::string& binary, const std::string& folder) : log_(folder + "/server.log") {
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int log = open(log_.c_str(), O_CREAT | O_WRONLY, 0600);
      dup2(log, STDOUT_FILENO);
      dup2(log, STDERR_FILENO);
      const std::string data = folder + "/data";
      execl(binary.c_str(), binary.c_str(), "--data", data.c_str(), "--port", "0", nullptr);
      std::_Exit(127);
    }
    port_ = std::stoi(wait_for("http://127.0.0.1:", "/"));
    key_ = "clog_pk_" + wait_for("clog_pk_", "\n");
    secret_ = "clog_sk_" + wait_for("clog_sk_", "\n");
  }
  ~Server() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int pid() const { return pid_; }

  // Posts each body on a connection of this thread; any answer but 200 is an error.
  void post(const std::vector<std::string>& bodies) const {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
    for (const std::string& body : bodies) {
      const std::string request = "POST /api/v1/ingest/logs HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                                  "\r\nContent-Type: application/json\r\nX-API-Key: " + key_ +
                                  "\r\nX-API-Secret: " + secret_ +
                                  "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
      for (std::size_t sent = 0; sent < request.size();) {
        const ssize_t now = send(fd, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (now <= 0) std::abort();
        sent += static_cast<std::size_t>(now);
      }
      expect_accepted(fd);
    }
    close(fd);
  }

 private:
  // The text of the log between `before` and `after`, as soon as it stands there.
  std::string wait_for(const std::string& before, const std::string& after) const {
    for (int tries = 0; tries < 1000; ++tries) {
      std::ifstream file(log_);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      const std::size_t begin = text.find(before);
      const std::size_t end =
          begin == std::string::npos ? begin : text.find_first_of(after + " \r", begin + before.size());
      if (end != std::string::npos) return text.substr(begin + before.size(), end - begin - before.size());
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("logs-server did not start; see " + log_);
  }

  static void expect_accepted(int fd) {
    std::string answer;
    char buffer[4096];
    while (answer.find("\"rejected\":[]}") == std::string::npos) {
      const ssize_t got = recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0) throw std::runtime_error("logs-server answered: " + answer);
      answer.append(buffer, static_cast<std::size_t>(got));
    }
    if (answer.find("\"accepted\":" + std::to_string(kEntriesPerPost)) == std::string::npos) {
      throw std::runtime_error("logs-server answered: " + answer.substr(0, 1000));
    }
  }

  std::string log_;
  pid_t pid_ = -1;
  int port_ = 0;
  std::string key_;
  std::string secret_;
};

double serve_round(const Server& server, const std::vector<std::string>& samples) {
  const std::vector<std::string> entries = bench::fresh_entries(samples, kEntriesPerRound);
  std::vector<std::vector<std::string>> bodies(kConnections);
  for (std::size_t i = 0; i < kConnections * kPostsPerConnection; ++i) {
    bodies[i % kConnections].push_back(bench::batch_body(entries, i * kEntriesPerPost, kEntriesPerPost));
  }
  const double start_ns = bench::process_cpu_ns(server.pid());
  std::vector<std::thread> clients;
  for (const auto& mine : bodies) clients.emplace_back([&] { server.post(mine); });
  for (auto& client : clients) client.join();
  return (bench::process_cpu_ns(server.pid()) - start_ns) / kEntriesPerRound;
}

// Reads every field; the sum of their sizes keeps the compiler honest.
std::size_t read_on_demand(simdjson::ondemand::parser& parser, const simdjson::padded_string& body) {
  std::size_t bytes = 0;
  auto document = parser.iterate(body);
  for (auto entry : document["logs"].get_array()) {
    for (auto field : entry.get_object()) {
      bytes += field.unescaped_key().value().size();
      auto value = field.value().value();
      switch (value.type().value()) {
        case simdjson::ondemand::json_type::string:
          bytes += value.get_string().value().size();
          break;
        case simdjson::ondemand::json_type::number:
          bytes += static_cast<std::size_t>(value.get_number().value().get_number_type());
          break;
        default:
          bytes += value.raw_json_token().size();
      }
    }
  }
  return bytes;
}

struct Direct {
  double parse_ns = 0;
  double insert_ns = 0;
};

Direct direct_round(logs_server::Store& store, const std::vector<std::string>& samples) {
  const std::vector<std::string> entries = bench::fresh_entries(samples, kEntriesPerRound);
  simdjson::ondemand::parser parser;
  logs_server::BatchParser parser_of_rows;
  Direct total;
  for (std::size_t first = 0; first < kEntriesPerRound; first += kDirectRows) {
    for (std::size_t post = 0; post < kDirectRows; post += kEntriesPerPost) {
      const simdjson::padded_string body(bench::batch_body(entries, first + post, kEntriesPerPost));
      const double start_ns = bench::now_ns(CLOCK_PROCESS_CPUTIME_ID);
      if (read_on_demand(parser, body) == 0) std::abort();
      total.parse_ns += bench::now_ns(CLOCK_PROCESS_CPUTIME_ID) - start_ns;
    }
    const auto rows = bench::rows_of(parser_of_rows, entries, first, kDirectRows);
    const double start_ns = bench::now_ns(CLOCK_PROCESS_CPUTIME_ID);
    if (!store.append(rows).ok()) throw std::runtime_error("direct insert failed");
    total.insert_ns += bench::now_ns(CLOCK_PROCESS_CPUTIME_ID) - start_ns;
  }
  return {total.parse_ns / kEntriesPerRound, total.insert_ns / kEntriesPerRound};
}

}  // namespace

int main(int argc, char** argv) {
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const std::string binary = argc > 1 ? argv[1] : (here.parent_path() / "server" / "logs-server").string();
  const std::vector<std::string> samples = bench::samples_of_project();
  const logs_sdk::TemporaryFolder folder;
  const Server server(binary, folder.path());
  auto store = logs_server::SqliteStore::open(folder.path() + "/direct");
  if (!store.ok()) throw std::runtime_error(store.status().message());

  std::vector<double> server_ns, parse_ns, insert_ns, direct_ns;
  for (int round = 0; round < kRounds; ++round) {
    server_ns.push_back(serve_round(server, samples));
    const Direct direct = direct_round(*store.value(), samples);
    parse_ns.push_back(direct.parse_ns);
    insert_ns.push_back(direct.insert_ns);
    direct_ns.push_back(direct.parse_ns + direct.insert_ns);
  }
  char detail[200];
  std::snprintf(detail, sizeof detail, "server %.1f us, parse %.1f us, insert %.1f us CPU per entry",
                bench::median(server_ns) / 1e3, bench::median(parse_ns) / 1e3, bench::median(insert_ns) / 1e3);
  bench::print_figure("ingest / (parse + direct insert)", bench::median(server_ns) / bench::median(direct_ns), 2.5,
                      "ratio", detail);
}
