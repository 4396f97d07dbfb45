// Shipping: CPU of the shipper thread per entry, beside what no shipper can do without: send() of the same bytes on a
// connected socket, and ZSTD_compress of them.
//
// One alternating run over batches of 400 entries that stand in the spool already.
#include <sys/socket.h>
#include <zstd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "bench/figure.h"
#include "bench/loopback_sink.h"
#include "bench/spool_fixture.h"
#include "testing/sample_entries.h"
#include "testing/temporary_folder.h"

namespace {

constexpr int kBatch = 300;
constexpr int kRounds = 40;

// CPU of every thread but this one.
double others_cpu_ns() { return bench::now_ns(CLOCK_PROCESS_CPUTIME_ID) - bench::thread_cpu_ns(); }

// CPU of the shipper while one burst is shipped; this thread waits for it, and maintains the spool afterwards.
double ship_burst(bench::SpoolFixture& fixture, const std::vector<std::string>& entries) {
  fixture.wait_until_prepared();
  for (int i = 0; i < kBatch; ++i) fixture.spool().append(0, entries[static_cast<std::size_t>(i) % entries.size()]);
  const double start_ns = others_cpu_ns();
  fixture.drain();
  return (others_cpu_ns() - start_ns) / kBatch;
}

void send_body(int fd, const std::string& body) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  send(fd, head.data(), head.size(), MSG_MORE | MSG_NOSIGNAL);
  for (std::size_t sent = 0; sent < body.size();) {
    const ssize_t now = send(fd, body.data() + sent, body.size() - sent, MSG_NOSIGNAL);
    if (now <= 0) std::abort();
    sent += static_cast<std::size_t>(now);
  }
  char answer[256];
  if (recv(fd, answer, sizeof answer, 0) <= 0) std::abort();
}

// Several in a row, the first not counted: right after a pause a virtual machine's clock of CPU time runs behind, which
// a single call of 0.1 ms does not make up for.
double send_raw(int fd, const std::string& body) {
  constexpr int kTimes = 8;
  send_body(fd, body);
  const double start_ns = bench::thread_cpu_ns();
  for (int i = 0; i < kTimes; ++i) send_body(fd, body);
  return (bench::thread_cpu_ns() - start_ns) / kTimes / kBatch;
}

double compress(ZSTD_CCtx* context, const std::string& body, std::string& out) {
  out.resize(ZSTD_compressBound(body.size()));
  const double start_ns = bench::thread_cpu_ns();
  if (ZSTD_isError(ZSTD_compressCCtx(context, out.data(), out.size(), body.data(), body.size(), 1))) std::abort();
  return (bench::thread_cpu_ns() - start_ns) / kBatch;
}

std::string text(const char* format, double a, double b) {
  char line[200];
  std::snprintf(line, sizeof line, format, a, b);
  return line;
}

}  // namespace

int main() {
  const std::vector<std::string> entries = logs_sdk::encoded_sample_entries();
  const bench::LoopbackSink plain_sink;
  const bench::LoopbackSink zstd_sink("zstd");
  const logs_sdk::TemporaryFolder plain_folder;
  const logs_sdk::TemporaryFolder zstd_folder;
  std::string body = "{\"logs\":[";
  for (int i = 0; i < kBatch; ++i) body += entries[static_cast<std::size_t>(i) % entries.size()] + ",";
  body.back() = ']';
  body += '}';

  bench::SpoolFixture plain(plain_folder.path(), 50ull << 20, plain_sink.url());
  bench::SpoolFixture zstd(zstd_folder.path(), 50ull << 20, zstd_sink.url());
  const int fd = plain_sink.connect_raw();
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string compressed;
  ship_burst(zstd, entries);  // the first answer offers zstd
  std::vector<double> plain_ns, raw_ns, zstd_ns, compress_ns;
  for (int round = 0; round < kRounds; ++round) {
    plain_ns.push_back(ship_burst(plain, entries));
    raw_ns.push_back(send_raw(fd, body));
    zstd_ns.push_back(ship_burst(zstd, entries));
    compress_ns.push_back(compress(context, body, compressed));
  }
  ZSTD_freeCCtx(context);
  close(fd);
  const double plain_cpu = bench::median(plain_ns);
  const double raw_cpu = bench::median(raw_ns);
  const double zstd_cpu = bench::median(zstd_ns);
  const double compress_cpu = bench::median(compress_ns);
  bench::print_figure("ship uncompressed / raw send()", plain_cpu / raw_cpu, 5, "ratio",
                      text("%.0f ns, send %.0f ns CPU per entry", plain_cpu, raw_cpu));
  bench::print_figure("ship zstd-1 / ZSTD_compress", zstd_cpu / compress_cpu, 1.35, "ratio",
                      text("%.0f ns, compress %.0f ns CPU per entry", zstd_cpu, compress_cpu));
}
