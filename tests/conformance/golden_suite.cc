#include "tests/conformance/golden_suite.h"

#include <future>
#include <sstream>
#include <utility>

#include "testing/tls_wire.h"
#include "tests/conformance/conversation.h"

namespace logs_sdk::conformance {
namespace {

bool sends_chunks(const golden::Exchange& exchange) {
  for (const auto& [name, value] : exchange.headers) {
    if (name == "Transfer-Encoding") return true;
  }
  return false;
}

// The request as a client sends it.
std::string request_of(const golden::Exchange& exchange) {
  std::ostringstream request;
  request << exchange.method << ' ' << exchange.target << ' ' << exchange.protocol << "\r\n";
  for (const auto& [name, value] : exchange.headers) request << name << ": " << value << "\r\n";
  request << "\r\n";
  const bool chunked = sends_chunks(exchange);
  for (const std::string& chunk : exchange.chunks) {
    if (chunked) request << std::hex << chunk.size() << "\r\n";
    request << chunk;
    if (chunked) request << "\r\n";
  }
  if (chunked) request << "0\r\n\r\n";
  return request.str();
}

std::unique_ptr<RawWire> wire_to(std::uint16_t port, const golden::Exchange& exchange) {
  if (exchange.tls_version.empty()) return std::make_unique<TcpWire>(port);
  return std::make_unique<TlsWire>(port, 0, exchange.tls_version, exchange.tls_cipher);
}

// What the stages of two cases have to differ in.
std::string surroundings_name(const golden::Exchange& exchange) {
  std::string name = exchange.tls_version.empty() ? "http" : "https";
  for (const auto& [option, value] : exchange.config) name += " " + option + "=" + value;
  return name;
}

}  // namespace

GoldenStage::GoldenStage(const AdapterUnderTest& adapter, const golden::Exchange& first)
    : recording([&](Config& config) {
        config.max_body_size = Config().max_body_size;
        golden::apply_config(first, config);
      }) {
  Surroundings around = recording.surroundings(!first.tls_version.empty());
  around.script = &script;
  recorded = adapter.start(around);
  around.logs = nullptr;
  plain = adapter.start(around);
}

std::map<std::string, GoldenStage>& GoldenTest::stages() {
  static std::map<std::string, GoldenStage> all;
  return all;
}

GoldenStage& GoldenTest::stage_of(const GoldenRun& run) {
  const std::string name = run.adapter.name + " " + surroundings_name(run.exchange);
  return stages().try_emplace(name, run.adapter, run.exchange).first->second;
}

std::vector<GoldenRun> golden_runs_on(const std::vector<AdapterUnderTest>& forms) {
  std::vector<GoldenRun> runs;
  for (const AdapterUnderTest& form : forms) {
    for (const golden::Exchange& exchange : golden::exchanges()) {
      if (exchange.not_over_http.empty()) runs.push_back({form, exchange});
    }
  }
  return runs;
}

TEST_P(GoldenTest, the_entry_is_the_one_of_the_file_and_the_client_receives_the_same_bytes) {
  const golden::Exchange& exchange = GetParam().exchange;
  GoldenStage& stage = stage_of(GetParam());
  stage.script.set(exchange.handler);
  const std::size_t before = stage.recording.sink.entries().size();
  std::unique_ptr<RawWire> wire = wire_to(stage.recorded->port(), exchange);
  const std::uint16_t port = wire->local_port();
  const auto answer_over = [&](std::unique_ptr<RawWire> over) {
    return without_dates(converse(std::move(over), ask(request_of(exchange))));
  };
  std::future<std::string> without_us =
      std::async(std::launch::async, [&] { return answer_over(wire_to(stage.plain->port(), exchange)); });
  EXPECT_EQ(answer_over(std::move(wire)), without_us.get());

  stage.recording.logs.flush();
  const auto entries = stage.recording.sink.await_entries(before + 1);
  ASSERT_EQ(entries.size(), before + 1);
  expect_golden(entries.back(), exchange, GetParam().adapter.description, stage.recording.logs, port);
}

}  // namespace logs_sdk::conformance
