#include "server/command/serve.h"

#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>
#include <utility>

#include "server/api/registry.h"
#include "server/command/folder_exposure.h"
#include "server/command/keys_file.h"
#include "server/command/routes.h"
#include "server/command/server_samples.h"
#include "server/enrich/enricher.h"
#include "server/http/host_check.h"
#include "server/http/http_server.h"
#include "server/ingest/commit_queue.h"
#include "server/ingest/ingest_handler.h"
#include "server/store/sqlite_store.h"
#include "src/base/clock.h"

namespace logs_server {
namespace {

using logs_sdk::Result;
using logs_sdk::Status;

// After the drain's own bound: a search that nothing can interrupt, or a store that does not let us write, must not
// keep the process.
constexpr std::chrono::seconds kLastResort{5};

// The signals that end the server, blocked in every thread and waited for in one.
class EndSignals {
 public:
  EndSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    signal(SIGPIPE, SIG_IGN);
  }
  int wait() const {
    int signal_number = 0;
    sigwait(&signals_, &signal_number);
    return signal_number;
  }
  // From now on they do what they do by default.
  void release() const { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

 private:
  sigset_t signals_{};
};

// Each connection is a descriptor; the usual soft limit would leave none for the store when they are many. Returns how
// many there may be.
std::size_t allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  const rlim_t before = std::exchange(limit.rlim_cur, limit.rlim_max);
  return static_cast<std::size_t>(::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before);
}

// As many connections as there are descriptors for: the store, its readers and those connections that are let in beyond
// the bound (connection_table.h) need some too. Otherwise connections that keep their places could hold the last one.
std::size_t connections_within(std::size_t descriptors, std::size_t wanted, spdlog::logger& log) {
  constexpr std::size_t kOthers = 64, kBeyondBound = 64;
  const std::size_t room = descriptors - std::min(descriptors, kOthers + kBeyondBound);
  const std::size_t fitting = std::max<std::size_t>(room - room / 16, 1);  // one in 16 of the bound is a reserve
  if (wanted <= fitting) return wanted;
  log.warn("only {} descriptors are allowed: at most {} connections instead of {}; raise the limit (ulimit -n)",
           descriptors, fitting, wanted);
  return fitting;
}

// Runs as a signal handler, which may do little more than this.
void give_up(int) {
  static constexpr char kText[] =
      "logs-server: what ran did not end in time and was given up; whatever was answered is stored\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kText, sizeof kText - 1);
  ::_exit(1);
}

void end_in(std::chrono::seconds bound) {
  signal(SIGALRM, give_up);
  ::alarm(static_cast<unsigned>(bound.count()));
}

// The server's own log, on stderr. It holds nothing that came from a client.
std::shared_ptr<spdlog::logger> make_log(bool verbose) {
  auto log = std::make_shared<spdlog::logger>("logs-server", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  log->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
  log->flush_on(spdlog::level::debug);
  return log;
}

void log_request(spdlog::logger& log, const ServedRequest& request) {
  // Other answers of that class refuse: 503 for what passes, whose cause is logged once, and 505 is the client's doing.
  const bool failed = request.status == 500 || !request.failure.empty();
  const auto level = failed ? spdlog::level::err : spdlog::level::debug;
  if (request.failure.empty()) {
    log.log(level, "{} {} {} us", request.route, request.status, request.duration.count());
  } else {
    log.log(level, "{} {} {} us: {}", request.route, request.status, request.duration.count(), request.failure);
  }
}

// Once when appends begin to fail, and once when they work again.
void log_store_change(spdlog::logger& log, const Status& status) {
  if (status.ok()) {
    log.info("the store writes again");
  } else {
    log.error("the store cannot write; posts are refused with 503 until it can: {}", status.message());
  }
}

// Once for each version of a file. They are named by their options: paths are the operator's, not the log's.
void log_geo_version(spdlog::logger& log, Enricher::File file, const Status& status) {
  const char* const name = file == Enricher::File::kCity ? "geo-city" : "geo-isp";
  if (status.ok()) {
    log.info("{}: the file is in use", name);
  } else {
    log.warn("{}: the file {}; what was in use before, if anything, stays", name, status.message());
  }
}

EnricherOptions enricher_options(const ServeOptions& options) {
  return {.city_file = options.geo_city_file, .isp_file = options.geo_isp_file, .language = options.geo_language};
}

std::string url_of(const std::string& address, std::uint16_t port) {
  const bool any = address == "0.0.0.0" || address == "::";
  const std::string host = any ? "127.0.0.1" : address.find(':') == std::string::npos ? address : "[" + address + "]";
  return "http://" + host + ":" + std::to_string(port);
}

// In one write, so that whoever reads along sees all of it or nothing.
void print_first_start(const std::string& url, const FirstStart& first) {
  const std::string text = "First start. These are shown this once:\n  endpoint      " + url +
                           "/api/v1/ingest/logs\n  project_slug  " + std::string(kDefaultProject) +
                           "\n  api_key       " + first.keys.public_key + "\n  api_secret    " + first.keys.secret_key +
                           "\n  console       " + url + "/#token=" + first.token + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// What goes into the keys file: of the first start, or those of the file itself, or new ones.
Result<Credentials> credentials_for(const std::string& keys_file, Registry& registry,
                                    const std::optional<FirstStart>& first) {
  const std::string project(kDefaultProject);
  if (first) return Credentials{project, first->keys, first->token};
  if (auto kept = read_keys_file(keys_file, registry)) return std::move(*kept);
  auto keys = registry.add_key(project);
  if (!keys.ok()) return keys.status();
  auto token = registry.add_token();
  if (!token.ok()) return token.status();
  return Credentials{project, std::move(keys).value(), std::move(token).value()};
}

// Hands out the keys, once clients can use them: a port that was taken must not cost the only showing.
Status announce(const std::string& url, const ServeOptions& options, Registry& registry) {
  const auto first = registry.begin();
  if (!first.ok()) return first.status();
  if (first.value()) print_first_start(url, *first.value());
  if (options.keys_file.empty()) return {};
  const auto credentials = credentials_for(options.keys_file, registry, first.value());
  if (!credentials.ok()) return credentials.status();
  return write_keys_file(options.keys_file, url, credentials.value());
}

HttpServerOptions http_options(const ServeOptions& options, const std::shared_ptr<spdlog::logger>& log,
                               std::size_t descriptors, Metrics& metrics) {
  HttpServerOptions http;
  http.address = options.address;
  http.port = options.port;
  http.public_hosts = options.public_hosts;
  http.worker_threads = options.worker_threads;
  http.max_connections = connections_within(descriptors, options.max_connections, *log);
  http.max_connections_per_peer = options.max_connections_per_peer;
  http.shared_peers.insert(http.shared_peers.end(), options.shared_peers.begin(), options.shared_peers.end());
  http.on_served = [log, &metrics](const ServedRequest& request) {
    log_request(*log, request);
    metrics.add_request(request);
  };
  return http;
}

}  // namespace

Status serve(const std::string& data_folder, const ServeOptions& options) {
  const EndSignals signals;
  const std::size_t descriptors = allow_many_descriptors();
  ::umask(S_IRWXG | S_IRWXO);  // whatever is made here is for its owner
  const auto log = make_log(options.verbose);
  const bool on_loopback = is_loopback_host(options.address);

  const auto store = SqliteStore::open(data_folder, [log](const Status& status) { log_store_change(*log, status); });
  if (!store.ok()) return store.status();
  const auto registry = Registry::open(data_folder, logs_sdk::system_clock());
  if (!registry.ok()) return registry.status();
  Metrics metrics;
  TailFeed tails(*store.value(), logs_sdk::system_clock(), {.max_tails = options.max_tails});
  CommitQueue queue(*store.value(), kMaxWaitingEntries, [&](const CommitMeasure& commit) {
    metrics.add_commit(commit);
    tails.notify();
  });
  const Enricher enricher(enricher_options(options),
                          [log](Enricher::File file, const Status& status) { log_geo_version(*log, file, status); });
  IngestHandler ingest(queue, logs_sdk::system_clock(), &enricher);
  KeyLimits key_limits(logs_sdk::system_clock(), options.key_limits);
  RouteOptions routes{.open_metrics = options.open_metrics};
  routes.readiness_notes = [&enricher] { return readiness_notes(enricher); };
  if (on_loopback) routes.missing_secret = MissingSecret::kAccepted;
  routes.on_damaged = [log](std::size_t damaged) {
    log->warn("{} entries of the store can no longer be read, and are missing from what readers are shown", damaged);
  };
  auto server =
      HttpServer::start(http_options(options, log, descriptors, metrics),
                        make_router({*registry.value(), *store.value(), ingest, tails, key_limits, metrics}, routes));
  if (!server.ok()) return server.status();
  metrics.set_sampler([parts = SampledParts{*server.value(), queue, ingest, enricher, tails, key_limits, data_folder}] {
    return sample(parts);
  });

  const std::string url = url_of(options.address, server.value()->port());
  if (Status status = announce(url, options, *registry.value()); !status.ok()) return status;
  log->info("listening on {}, data in {}", url, data_folder);
  if (!on_loopback)
    log->warn("others can reach this address: keys and entries travel in clear unless a proxy adds TLS");

  for (const std::string& told : folder_exposure(data_folder)) log->warn("{}", told);

  const int signal_number = signals.wait();
  log->info("signal {}: finishing what runs, at most {} s", signal_number, options.drain.count());
  signals.release();
  end_in(options.drain + kLastResort);
  server.value()->drain(options.drain);
  queue.stop();
  log->info("ended");
  return {};
}

}  // namespace logs_server
