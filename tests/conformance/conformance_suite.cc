#include "tests/conformance/conformance_suite.h"

#include <fstream>
#include <future>
#include <utility>

#include "testing/tls_wire.h"

namespace logs_sdk::conformance {
namespace {

using Json = PlatformSink::Json;

// The client's side of a connection, and what an entry may say of it.
struct ClientSide {
  std::unique_ptr<RawWire> wire;
  Json shown;
};

ClientSide connect(std::uint16_t port, bool tls, int window_bytes) {
  ClientSide side;
  if (tls) {
    auto wire = std::make_unique<TlsWire>(port, window_bytes);
    const std::string version = wire->version().substr(std::string("TLSv").size());
    side.shown = {{kScheme, "https"}, {kTlsVersion, version}, {kTlsCipher, wire->cipher()}};
    side.wire = std::move(wire);
  } else {
    side.shown = {{kScheme, "http"}, {kTlsVersion, ""}, {kTlsCipher, ""}};
    side.wire = std::make_unique<TcpWire>(port, window_bytes);
  }
  side.shown[kClientPort] = side.wire->local_port();
  return side;
}

void expect_shown(const Json& entry, Expectation expected, const Json& shown) {
  for (Json& value : expected.fields) {
    if (value.is_string() && shown.contains(value)) value = shown.at(value.get<std::string>());
  }
  expect_entry(entry, expected);
}

void expect_entries(const std::vector<Json>& entries, const std::vector<ExpectedEntry>& expected, const Json& shown,
                    const AdapterDescription& adapter) {
  ASSERT_EQ(entries.size(), expected.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    SCOPED_TRACE(entries[i].dump(1));
    expect_shown(entries[i], expected[i].always, shown);
    for (const Sighting& sighting : expected[i].sightings) {
      SCOPED_TRACE(std::string(adapter.title) + " is said to see " + std::string(text_of(sighting.sight)));
      expect_shown(entries[i], adapter.unseen.contains(sighting.sight) ? sighting.unseen : sighting.seen, shown);
    }
  }
}

// Those that an adapter can make.
std::vector<ExpectedEntry> entries_of(const ExchangeCase& exchange, const AdapterDescription& adapter) {
  std::vector<ExpectedEntry> expected = exchange.entries;
  std::erase_if(expected,
                [&](const ExpectedEntry& entry) { return entry.only_if && adapter.unseen.contains(*entry.only_if); });
  return expected;
}

}  // namespace

Recording::Recording(const std::function<void(Config&)>& set_up)
    : logs(config(set_up)), certificate_(write_files(self_signed(), folder)) {
  std::ofstream(folder.file("sample.txt")) << std::string(kSampleFileBytes, 'f');
}

Config Recording::config(const std::function<void(Config&)>& set_up) const {
  Config config;
  config.endpoint = sink.url();
  config.api_key = "clog_pk_conformance";
  config.api_secret = "clog_sk_conformance";
  config.project_slug = "conformance";
  config.service_name = "sample";
  config.offline_dir = folder.file("spool");
  config.flush_interval = std::chrono::milliseconds(50);
  config.max_body_size = kMaxBodyBytes;
  set_up(config);
  return config;
}

Surroundings Recording::surroundings(bool tls) {
  Surroundings around{.logs = &logs, .files_folder = folder.path()};
  if (tls) {
    around.certificate_file = certificate_.certificate;
    around.key_file = certificate_.key;
  }
  return around;
}

std::string Recorded::answer_of(const Application& application, const std::string& sent) {
  return converse(std::make_unique<TcpWire>(application.port()), ask(sent));
}

std::pair<std::string, std::string> Recorded::both(const AdapterUnderTest& adapter, const std::string& sent) {
  Surroundings around = recording_.surroundings();
  const std::string with_us = answer_of(*adapter.start(around), sent);
  around.logs = nullptr;
  return {with_us, answer_of(*adapter.start(around), sent)};
}

Stage::Stage(const AdapterUnderTest& adapter, bool tls) {
  Surroundings around = recording.surroundings(tls);
  recorded = adapter.start(around);
  around.logs = nullptr;
  plain = adapter.start(around);
}

std::map<std::string, Stage>& ConformanceTest::stages() {
  static std::map<std::string, Stage> all;
  return all;
}

Stage& ConformanceTest::stage_of(const ConformanceRun& run) {
  const std::string name = run.adapter.name + (run.tls ? "_over_tls" : "");
  return stages().try_emplace(name, run.adapter, run.tls).first->second;
}

void ConformanceTest::TearDownTestSuite() {
  for (auto& [name, stage] : stages()) {
    SCOPED_TRACE(name);
    stage.recorded.reset();
    EXPECT_TRUE(stage.recording.logs.close());
    const Stats stats = stage.recording.logs.stats();
    EXPECT_EQ(stats.spool.captured + stats.memory.captured, stage.expected);
    EXPECT_EQ(stats.spool.delivered + stats.memory.delivered, stage.expected);
  }
  stages().clear();
}

std::vector<ConformanceRun> runs_on(const std::vector<AdapterUnderTest>& forms) {
  std::vector<ConformanceRun> runs;
  for (const AdapterUnderTest& form : forms) {
    for (const bool tls : {false, true}) {
      for (const ExchangeCase& exchange : exchange_cases()) runs.push_back({form, tls, exchange});
    }
  }
  return runs;
}

std::string case_name(const ::testing::TestParamInfo<ConformanceRun>& info) {
  return info.param.adapter.name + (info.param.tls ? "_over_tls_" : "_") + info.param.exchange.name;
}

TEST_P(ConformanceTest, the_client_receives_the_same_bytes_and_the_entries_say_what_happened) {
  const bool tls = GetParam().tls;
  const ExchangeCase& exchange = GetParam().exchange;
  const AdapterDescription& adapter = GetParam().adapter.description;
  if (const auto reason = adapter.not_run.find(exchange.name); reason != adapter.not_run.end()) {
    GTEST_SKIP() << "not run: " << reason->second;
  }
  Stage& stage = stage_of(GetParam());
  const std::size_t before = stage.recording.sink.entries().size();
  const auto converse_with = [&](ClientSide& client) {
    return without_dates(converse(std::move(client.wire), exchange.conversation));
  };
  ClientSide client = connect(stage.recorded->port(), tls, exchange.window_bytes);
  ClientSide other = connect(stage.plain->port(), tls, exchange.window_bytes);
  std::future<std::string> without_us = std::async(std::launch::async, [&] { return converse_with(other); });
  const std::string with_us = converse_with(client);
  EXPECT_EQ(with_us, without_us.get());

  const std::vector<ExpectedEntry> expected = entries_of(exchange, adapter);
  stage.expected += expected.size();
  stage.recording.logs.flush();
  std::vector<Json> entries = stage.recording.sink.await_entries(before + expected.size());
  entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(before));
  expect_entries(entries, expected, client.shown, adapter);
  if (exchange.also) exchange.also(entries);
}

}  // namespace logs_sdk::conformance
