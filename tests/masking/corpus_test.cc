// The masking corpus on its whole way: through the library into its spool and dead letters, over a real connection into
// the store, and out of it by the API; and posted as a client posts that masks nothing. What has to be masked is, what
// only looks like it survives byte for byte, and no secret stands in any byte that is kept or said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "src/entry/limits.h"
#include "src/json/utf8.h"
#include "testing/masking_corpus.h"
#include "testing/server_process.h"
#include "testing/temporary_folder.h"
#include "tests/masking/corpus_place.h"
#include "tests/masking/stored_bytes.h"

namespace logs_sdk {
namespace {

using Json = nlohmann::json;
using Where = MaskingCase::Where;

constexpr std::chrono::seconds kPatience{60};
constexpr std::string_view kMaskedProject = "default";
constexpr std::string_view kRawProject = "raw";  // keeps what it is sent as it comes: what is masked there we masked

const std::vector<MaskingCase>& corpus() {
  static const std::vector<MaskingCase> cases =
      read_masking_corpus(std::filesystem::path(LOGS_SDK_SOURCE_DIR) / "testing/masking_corpus");
  return cases;
}

// The options of a case, which a library has from its start.
using Options = std::pair<std::vector<std::string>, std::vector<std::string>>;

bool has_options(const MaskingCase& of) { return !of.extra.empty() || !of.allow.empty(); }
bool is_utf8(const MaskingCase& of) { return is_valid_utf8(of.input) && is_valid_utf8(of.output); }

// The secrets of all cases that are long enough that nothing else is taken for them.
const std::set<std::string>& planted_secrets() {
  static const std::set<std::string> secrets = [] {
    constexpr std::size_t kMinBytes = 7;
    std::set<std::string> found;
    for (const MaskingCase& each : corpus()) {
      for (const std::string& secret : each.secrets) {
        if (secret.size() >= kMinBytes) found.insert(secret);
      }
    }
    return found;
  }();
  return secrets;
}

// The cases, but for those in whose output the secret of another stands: no search could tell the two.
const std::vector<const MaskingCase*>& carried() {
  static const std::vector<const MaskingCase*> cases = [] {
    std::vector<const MaskingCase*> found;
    for (const MaskingCase& each : corpus()) {
      const bool shows =
          std::any_of(planted_secrets().begin(), planted_secrets().end(),
                      [&](const std::string& secret) { return each.output.find(secret) != std::string::npos; });
      if (!shows) found.push_back(&each);
    }
    return found;
  }();
  return cases;
}

void expect_no_secret(const std::string& bytes, const std::string& where) {
  ASSERT_FALSE(bytes.empty()) << where;
  for (const std::string& secret : planted_secrets()) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret << " in " << where;
  }
}

// 32 hex digits that no other entry has.
std::string numbered_uuid(char kind, std::size_t number) {
  std::string digits = std::to_string(number);
  return std::string(1, kind) + std::string(31 - digits.size(), '0') + digits;
}

struct Sent {
  const MaskingCase* of;
  std::string uuid;
  Places places;
  std::string expected;  // at each of them
};

class MaskingCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_GE(carried().size(), 400U);
    ASSERT_GE(carried().size() + 20, corpus().size()) << "hardly any case is left out";
    ASSERT_GE(planted_secrets().size(), 20U);
    server_.operate("project new raw --no-masking");
    ServerProcess::read_names(server_.operate("key new --project raw").output, raw_keys_);
  }

  Config config(const Options& options) {
    Config config;
    config.endpoint = server_.key("LOGS_SDK_ENDPOINT");
    config.api_key = raw_keys_.at("LOGS_SDK_API_KEY");
    config.api_secret = raw_keys_.at("LOGS_SDK_API_SECRET");
    config.project_slug = kRawProject;
    config.offline_dir = folder_.file("spool");
    config.capture_bodies = true;
    config.max_body_size = config.max_stack_size = 65'536;
    config.buffer_size = 100'000;
    config.flush_interval = std::chrono::hours(1);  // what is captured stands in the spool until it has been searched
    config.mask_extra = options.first;
    config.mask_allow = options.second;
    config.on_message = [this](MessageLevel, std::string_view text) {
      const std::lock_guard lock(mutex_);
      said_.append(text) += '\n';
    };
    return config;
  }

  // Calls `use` with a library of each set of options that cases have, and the cases of it.
  template <typename Use>
  void with_each_library(const Use& use) {
    std::map<Options, std::vector<const MaskingCase*>> groups;
    for (const MaskingCase* each : carried()) groups[{each->extra, each->allow}].push_back(each);
    for (const auto& [options, cases] : groups) {
      LogSDK logs(config(options));
      use(logs, cases);
      expect_no_secret(bytes_of_files(folder_.file("spool")), "the spool");
      EXPECT_TRUE(logs.close(kPatience));
      EXPECT_EQ(logs.stats().spool.pending, 0U);
    }
  }

  Json stored(const std::string& uuid, std::string_view project) {
    const RawAnswer answer = reader_.ask("GET /api/v1/logs/" + uuid + "?project=" + std::string(project) +
                                         " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                                         server_.key("LOGS_SERVER_TOKEN") + "\r\n\r\n");
    return answer.status == 200 ? Json::parse(answer.body) : Json();
  }

  void expect_stored(const std::vector<Sent>& all, std::string_view project) {
    for (const Sent& each : all) {
      const Json entry = stored(each.uuid, project);
      ASSERT_TRUE(entry.is_object()) << each.of->name;
      for (const std::string& place : each.places) {
        const auto text = shown(entry, place);
        EXPECT_EQ(text.value_or("nothing"), each.expected) << each.of->name << " in " << place;
      }
    }
  }

  // What the server answers to entries that a foreign client sends.
  Json post(const std::string& endpoint, const Json& logs, const std::string& headers = "") {
    const std::string body = Json{{"logs", logs}}.dump(-1, ' ', false, Json::error_handler_t::replace);
    RawClient client(server_.port());
    const RawAnswer answer =
        client.ask("POST /api/v1/ingest/" + endpoint + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " +
                   server_.key("LOGS_SDK_API_KEY") + "\r\nX-API-Secret: " + server_.key("LOGS_SDK_API_SECRET") +
                   "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                   headers + "\r\n" + body);
    return Json::parse(answer.body);
  }

  void expect_nothing_to_mask() {
    const ServerProcess::Ended audit = server_.operate("audit --project " + std::string(kMaskedProject));
    EXPECT_EQ(audit.code, 0) << audit.output;
  }

  void expect_no_secret_anywhere() {
    expect_no_secret(bytes_of_store(server_.data_folder()), "the running server's data");
    server_.end();
    expect_no_secret(bytes_of_store(server_.data_folder()), "the server's data");
    expect_no_secret(file_bytes(folder_.file("log")), "what the server says");
    const std::lock_guard lock(mutex_);
    expect_no_secret("said: " + said_, "what the library says");
  }

  TemporaryFolder folder_;
  ServerProcess server_{LOGS_SERVER_PROGRAM, folder_, {"--verbose"}};
  RawClient reader_{server_.port()};
  std::map<std::string, std::string> raw_keys_;

 private:
  std::mutex mutex_;
  std::string said_;  // guarded by mutex_
};

// A cut that the library sees; without its length nobody knows that a header or a text was cut before.
bool is_for_exchange(const MaskingCase& of) { return !of.cut || of.where == Where::kBody; }

// The library decodes bodies, which takes the mark away.
std::string without_byte_order_mark(const MaskingCase& of) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return of.where == Where::kBody && of.output.starts_with(kMark) ? of.output.substr(kMark.size()) : of.output;
}

TEST_F(MaskingCorpusTest, an_exchange_is_stored_as_each_case_says_and_masking_it_again_changes_nothing) {
  std::vector<Sent> sent;
  with_each_library([&](LogSDK& logs, const std::vector<const MaskingCase*>& cases) {
    for (const MaskingCase* of : cases) {
      if (!is_for_exchange(*of) || !is_utf8(*of)) continue;
      Exchange exchange = logs.begin();
      play(*of, exchange);
      const std::string expected = without_byte_order_mark(*of) + std::string(of->cut ? kTruncated : "");
      const std::string longest(std::max(of->input.size(), of->output.size()), ' ');
      sent.push_back({of, std::string(exchange.uuid()), places_in_exchange(*of, longest), expected});
      exchange.finish();
    }
  });
  expect_stored(sent, kRawProject);

  // Once more as an entry of one of our clients to a project whose entries are masked at ingest.
  std::vector<Sent> again;
  Json batch = Json::array();
  for (const Sent& each : sent) {
    if (!each.of->allow.empty()) continue;  // the server does not know what the application allows
    Json entry = stored(each.uuid, kRawProject);
    entry["project_slug"] = kMaskedProject;
    batch.push_back(entry);
    again.push_back(each);
  }
  EXPECT_EQ(post("logs", batch, "X-Logs-Instance: " + std::string(32, 'a') + "\r\n").at("accepted"), batch.size());
  for (const Json& entry : batch) {
    Json found = stored(entry.at("uuid"), kMaskedProject);
    found["uid"] = entry.at("uid");
    EXPECT_EQ(found, entry) << Json::diff(entry, found).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  EXPECT_THAT(server_.read("metrics").body, ::testing::HasSubstr("\nlogs_server_entries_masked_total 0\n"));
  expect_nothing_to_mask();
  expect_no_secret_anywhere();
}

TEST_F(MaskingCorpusTest, an_entry_of_the_application_is_stored_as_each_case_says_and_so_is_a_dead_letter) {
  std::vector<Sent> sent;
  std::size_t refused = 0;
  with_each_library([&](LogSDK& logs, const std::vector<const MaskingCase*>& cases) {
    for (const MaskingCase* of : cases) {
      if (of->cut || !is_utf8(*of)) continue;
      const std::string longest(std::max(of->input.size(), of->output.size()), ' ');
      LogEntry entry = entry_with(*of, of->input);
      entry.uuid = numbered_uuid('a', sent.size());
      sent.push_back({of, entry.uuid, places_in_entry(*of, longest), of->output});
      ASSERT_TRUE(logs.send(entry));
      entry.uuid = numbered_uuid('b', sent.size());
      entry.project_slug = "of-somebody-else";
      ASSERT_TRUE(logs.send(entry));
      ++refused;
      InfraLogEntry infra = infra_with(*of, of->input);
      infra.uuid = numbered_uuid('c', sent.size());
      const Places places = places_in_infra(*of, longest);
      if (places.empty()) continue;
      ASSERT_TRUE(logs.upload_infra_log(infra));
      sent.push_back({of, infra.uuid, places, of->output});
    }
  });
  expect_stored(sent, kRawProject);
  const std::string letters = bytes_of_files(folder_.file("spool"));
  expect_no_secret(letters, "the dead letters");
  std::size_t kept = 0;
  for (std::size_t at = 0; (at = letters.find("of-somebody-else", at)) != std::string::npos; ++at) ++kept;
  EXPECT_EQ(kept, refused);
  expect_no_secret_anywhere();
}

TEST_F(MaskingCorpusTest, a_post_of_a_client_that_masks_nothing_is_stored_as_each_case_says) {
  std::vector<Sent> sent;
  Json entries = Json::array(), infra_entries = Json::array();
  for (const MaskingCase* of : carried()) {
    const MaskingCase& each = *of;
    if (has_options(each) || !is_utf8(each)) continue;
    const std::string mark(each.cut ? kTruncated : "");
    const std::string longest(std::max(each.input.size(), each.output.size()) + mark.size(), ' ');
    LogEntry entry = entry_with(each, each.input + mark);
    entry.uuid = numbered_uuid('a', sent.size());
    entries.push_back(posted(entry));
    sent.push_back({&each, entry.uuid, places_in_entry(each, longest), each.output + mark});
    const Places places = places_in_infra(each, longest);
    if (places.empty()) continue;
    InfraLogEntry infra = infra_with(each, each.input + mark);
    infra.uuid = numbered_uuid('c', sent.size());
    infra_entries.push_back(posted(infra));
    sent.push_back({&each, infra.uuid, places, each.output + mark});
  }
  EXPECT_EQ(post("logs", entries).at("accepted"), entries.size());
  EXPECT_EQ(post("infra-logs", infra_entries).at("accepted"), infra_entries.size());
  expect_stored(sent, kMaskedProject);
  expect_nothing_to_mask();
  expect_no_secret_anywhere();
}

}  // namespace
}  // namespace logs_sdk
