// The contract of Store, run against every implementation, and a comparison of each with the reference under random
// operations.
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/memory_store.h"
#include "server/store/sqlite_store.h"
#include "testing/sample_entry.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr AppendVerdict kStored = AppendVerdict::kStored;
constexpr AppendVerdict kDuplicate = AppendVerdict::kDuplicate;

struct Backend {
  std::string name;
  std::function<std::unique_ptr<Store>(const std::string& folder)> make;
};

std::unique_ptr<Store> make_sqlite(const std::string& folder) {
  auto store = SqliteStore::open(folder);
  EXPECT_TRUE(store.ok()) << store.status().message();
  return std::move(store).value();
}

const Backend kMemory{"memory", [](const std::string&) { return std::make_unique<MemoryStore>(); }};
const Backend kSqlite{"sqlite", make_sqlite};

class StoreContract : public ::testing::TestWithParam<Backend> {
 protected:
  std::vector<AppendVerdict> append(std::vector<NewEntry> entries) {
    auto verdicts = store_->append(entries);
    EXPECT_TRUE(verdicts.ok()) << verdicts.status().message();
    return verdicts.ok() ? verdicts.value() : std::vector<AppendVerdict>{};
  }
  std::vector<std::string> paths(const ScanRange& range = {}) {
    std::vector<std::string> found;
    const Status scanned = store_->scan(range, [&](const ScannedEntry& entry) {
      found.push_back(entry.columns().path);
      return true;
    });
    EXPECT_TRUE(scanned.ok()) << scanned.message();
    return found;
  }
  std::vector<std::string> arrivals(std::uint64_t after_uid, std::size_t wanted = 100) {
    std::vector<std::string> found;
    const Status scanned = store_->scan_arrivals(after_uid, [&](const ScannedEntry& entry) {
      found.push_back(std::to_string(entry.uid()) + " " + entry.columns().path);
      return found.size() < wanted;
    });
    EXPECT_TRUE(scanned.ok()) << scanned.message();
    return found;
  }
  StoredEntry find(const logs_sdk::Uuid& uuid, std::optional<std::string_view> project = {}) {
    const auto found = store_->find(uuid, project);
    EXPECT_TRUE(found.ok()) << found.status().message();
    EXPECT_TRUE(found.value().has_value());
    return found.value().value_or(StoredEntry{});
  }
  bool knows(const logs_sdk::Uuid& uuid, std::optional<std::string_view> project = {}) {
    return store_->find(uuid, project).value().has_value();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = GetParam().make(folder_.path());
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::Values(kMemory, kSqlite),
                         [](const auto& each) { return each.param.name; });

logs_sdk::Uuid uuid_of(std::uint64_t number) { return sample_uuid(1'760'000'000'000, number); }

NewEntry entry_at(std::int64_t ordered_at_us, const std::string& path, std::uint64_t number,
                  const std::string& project = "shop") {
  return sample_entry(uuid_of(number), ordered_at_us, {{"path", path}, {"project_slug", project}});
}

NewEntry interrupted(NewEntry entry) {
  entry.interrupted = true;
  entry.error_type = "interrupted";
  return entry;
}

TEST_P(StoreContract, an_empty_store_has_nothing_to_show) {
  EXPECT_THAT(paths(), IsEmpty());
  EXPECT_FALSE(knows(uuid_of(1)));
  EXPECT_EQ(store_->count().value(), 0u);
}

TEST_P(StoreContract, an_append_of_nothing_stores_nothing) {
  EXPECT_THAT(append({}), IsEmpty());
  EXPECT_EQ(store_->count().value(), 0u);
}

TEST_P(StoreContract, a_stored_entry_comes_back_as_it_was) {
  NewEntry entry = sample_entry(uuid_of(1), 1'760'000'000'123'456,
                                {{"path", "/orders/7?\xC3\xBC"},
                                 {"method", "POST"},
                                 {"status_code", 503},
                                 {"duration_ms", 1234},
                                 {"is_error", true},
                                 {"project_slug", "shop"},
                                 {"environment", "staging"},
                                 {"service_name", "cart"},
                                 {"error_type", "http_error"},
                                 {"client_ip", "2001:db8::1"},
                                 {"trace_id", "0123456789abcdef0123456789abcdef"},
                                 {"response_body", std::string("\0\x01<script>", 10)}});
  entry.timestamp_us = -5;
  entry.received_at_us = INT64_MAX;
  append({entry});
  const StoredEntry found = find(entry.uuid);
  EXPECT_EQ(found.uid, 1u);
  EXPECT_EQ(static_cast<const EntryColumns&>(found), entry);
  EXPECT_EQ(found.document, entry.document);
}

TEST_P(StoreContract, a_scan_shows_columns_uid_and_document) {
  const NewEntry entry = entry_at(10, "/a", 1);
  append({entry});
  int visits = 0;
  const Status scanned = store_->scan({}, [&](const ScannedEntry& seen) {
    ++visits;
    EXPECT_EQ(seen.columns(), entry);
    EXPECT_EQ(seen.uid(), 1u);
    EXPECT_EQ(seen.position(), (Position{10, 1}));
    EXPECT_EQ(seen.document(), entry.document);
    return true;
  });
  EXPECT_TRUE(scanned.ok());
  EXPECT_EQ(visits, 1);
}

TEST_P(StoreContract, lists_are_newest_first_and_within_one_time_last_stored_first) {
  append({entry_at(20, "/second", 1), entry_at(30, "/newest", 2), entry_at(20, "/second again", 3)});
  append({entry_at(10, "/oldest", 4)});
  EXPECT_THAT(paths(), ElementsAre("/newest", "/second again", "/second", "/oldest"));
}

TEST_P(StoreContract, a_range_includes_its_beginning_and_not_its_end) {
  append({entry_at(10, "/10", 1), entry_at(20, "/20", 2), entry_at(30, "/30", 3)});
  EXPECT_THAT(paths({.from_us = 10, .to_us = 30}), ElementsAre("/20", "/10"));
  EXPECT_THAT(paths({.from_us = 11}), ElementsAre("/30", "/20"));
  EXPECT_THAT(paths({.from_us = 30, .to_us = 30}), IsEmpty());
}

TEST_P(StoreContract, a_scan_goes_on_from_a_place_in_the_list) {
  append({entry_at(20, "/1", 1), entry_at(20, "/2", 2), entry_at(20, "/3", 3), entry_at(10, "/4", 4)});
  EXPECT_THAT(paths({.before = Position{20, 2}}), ElementsAre("/1", "/4"));
  EXPECT_THAT(paths({.to_us = 20, .before = Position{20, 3}}), ElementsAre("/4"));
  EXPECT_THAT(paths({.from_us = 20, .before = Position{20, 3}}), ElementsAre("/2", "/1"));
  EXPECT_THAT(paths({.before = Position{INT64_MAX, UINT64_MAX}}), ElementsAre("/3", "/2", "/1", "/4"));
}

TEST_P(StoreContract, a_scan_ends_when_the_visitor_says_so) {
  append({entry_at(10, "/a", 1), entry_at(20, "/b", 2)});
  int visits = 0;
  EXPECT_TRUE(store_->scan({}, [&](const ScannedEntry&) { return ++visits < 1; }).ok());
  EXPECT_EQ(visits, 1);
}

TEST_P(StoreContract, a_scan_of_a_project_sees_that_project_alone) {
  append({entry_at(10, "/a", 1, "shop"), entry_at(20, "/b", 2, "bank"), entry_at(30, "/c", 3, "shop")});
  EXPECT_THAT(paths({.project_slug = "shop"}), ElementsAre("/c", "/a"));
  EXPECT_THAT(paths({.project_slug = "shop", .from_us = 11, .before = Position{30, 4}}), ElementsAre("/c"));
  EXPECT_THAT(paths({.project_slug = "nobody"}), IsEmpty());
}

TEST_P(StoreContract, a_scan_of_a_kind_sees_that_kind_alone) {
  NewEntry infra = entry_at(20, "/infra", 2);
  infra.kind = EntryKind::kInfra;
  append({entry_at(10, "/a", 1), infra});
  EXPECT_THAT(paths({.kind = EntryKind::kInfra}), ElementsAre("/infra"));
  EXPECT_THAT(paths({.project_slug = "shop", .kind = EntryKind::kEntry}), ElementsAre("/a"));
  EXPECT_THAT(paths(), ElementsAre("/infra", "/a"));
  EXPECT_EQ(find(infra.uuid).kind, EntryKind::kInfra);
}

TEST_P(StoreContract, a_visitor_may_use_the_store) {
  append({entry_at(10, "/a", 1)});
  EXPECT_TRUE(store_
                  ->scan({},
                         [&](const ScannedEntry& entry) {
                           EXPECT_TRUE(knows(entry.columns().uuid));
                           EXPECT_EQ(paths().size(), 1u);
                           append({entry_at(5, "/later", 2)});
                           return true;
                         })
                  .ok());
  EXPECT_TRUE(knows(uuid_of(2)));
}

TEST_P(StoreContract, arrivals_come_in_the_order_of_their_arrival_whatever_their_time) {
  EXPECT_EQ(store_->last_uid().value(), 0u);
  append({entry_at(30, "/late", 1), interrupted(entry_at(10, "/cut off", 2)), entry_at(20, "/other", 3, "bank")});
  append({entry_at(10, "/complete", 2)});
  EXPECT_EQ(store_->last_uid().value(), 4u);
  EXPECT_THAT(arrivals(0), ElementsAre("1 /late", "3 /other", "4 /complete"));
  EXPECT_THAT(arrivals(1), ElementsAre("3 /other", "4 /complete"));
  EXPECT_THAT(arrivals(0, 1), ElementsAre("1 /late"));
  EXPECT_THAT(arrivals(4), ElementsAre());
  EXPECT_THAT(arrivals(UINT64_MAX), ElementsAre());
}

TEST_P(StoreContract, a_repeated_identity_is_a_duplicate_and_changes_nothing) {
  EXPECT_THAT(append({entry_at(10, "/first", 1), entry_at(11, "/within the call", 1)}),
              ElementsAre(kStored, kDuplicate));
  EXPECT_THAT(append({entry_at(12, "/in the next", 1), entry_at(13, "/new", 2)}), ElementsAre(kDuplicate, kStored));
  EXPECT_THAT(paths(), ElementsAre("/new", "/first"));
  EXPECT_EQ(store_->count().value(), 2u);
}

TEST_P(StoreContract, uids_count_what_is_stored_without_gaps) {
  append({entry_at(10, "/a", 1), entry_at(10, "/a", 1), entry_at(10, "/b", 2)});
  append({entry_at(10, "/c", 3)});
  EXPECT_EQ(find(uuid_of(1)).uid, 1u);
  EXPECT_EQ(find(uuid_of(2)).uid, 2u);
  EXPECT_EQ(find(uuid_of(3)).uid, 3u);
}

TEST_P(StoreContract, the_same_uuid_in_two_projects_is_two_entries) {
  EXPECT_THAT(append({entry_at(10, "/shop", 1, "shop"), entry_at(20, "/bank", 1, "bank")}),
              ElementsAre(kStored, kStored));
  EXPECT_EQ(find(uuid_of(1), "shop").path, "/shop");
  EXPECT_EQ(find(uuid_of(1), "bank").path, "/bank");
  EXPECT_FALSE(knows(uuid_of(1), "nobody"));
  EXPECT_EQ(find(uuid_of(1)).path, "/bank");
}

TEST_P(StoreContract, a_complete_entry_replaces_an_interrupted_one) {
  EXPECT_THAT(append({interrupted(entry_at(10, "/cut off", 1)), entry_at(5, "/other", 2)}),
              ElementsAre(kStored, kStored));
  EXPECT_THAT(append({entry_at(20, "/complete", 1)}), ElementsAre(kStored));
  EXPECT_THAT(paths(), ElementsAre("/complete", "/other"));
  EXPECT_EQ(find(uuid_of(1)).uid, 3u);
  EXPECT_EQ(store_->count().value(), 2u);
}

TEST_P(StoreContract, a_complete_entry_replaces_an_interrupted_one_of_the_same_call) {
  EXPECT_THAT(append({interrupted(entry_at(10, "/cut off", 1)), entry_at(20, "/complete", 1)}),
              ElementsAre(kStored, kStored));
  EXPECT_THAT(paths(), ElementsAre("/complete"));
}

TEST_P(StoreContract, an_interrupted_entry_replaces_nothing) {
  append({entry_at(10, "/complete", 1), interrupted(entry_at(11, "/cut off", 2))});
  EXPECT_THAT(append({interrupted(entry_at(20, "/late", 1)), interrupted(entry_at(21, "/again", 2))}),
              ElementsAre(kDuplicate, kDuplicate));
  EXPECT_THAT(paths(), ElementsAre("/cut off", "/complete"));
}

// Whatever random operations are done to both, a store and the reference answer the same.
class RandomOperations {
 public:
  explicit RandomOperations(Store& store) : store_(store) {}

  void append_to_both() {
    std::vector<NewEntry> batch(random_.below(12));
    for (NewEntry& entry : batch) entry = random_entry();
    const auto verdicts = store_.append(batch);
    ASSERT_TRUE(verdicts.ok()) << verdicts.status().message();
    ASSERT_EQ(verdicts.value(), reference_.append(batch).value());
  }
  void compare_scan() {
    const ScanRange range = random_range();
    const std::size_t wanted = random_.below(40);
    ASSERT_EQ(take(store_, range, wanted), take(reference_, range, wanted));
  }
  void compare_find() {
    const logs_sdk::Uuid uuid = uuid_of(random_.below(kIdentities));
    const std::string slug = random_project();
    const std::optional<std::string_view> project =
        random_.one_in(2) ? std::optional<std::string_view>(slug) : std::nullopt;
    const auto found = store_.find(uuid, project).value();
    const auto expected = reference_.find(uuid, project).value();
    ASSERT_EQ(found.has_value(), expected.has_value());
    if (!found) return;
    ASSERT_EQ(line_of(*found, found->uid, found->document), line_of(*expected, expected->uid, expected->document));
  }
  void compare_count() { ASSERT_EQ(store_.count().value(), reference_.count().value()); }
  logs_sdk::SeededRandom& random() { return random_; }

 private:
  static constexpr std::uint64_t kIdentities = 120;  // few, so that repetitions are frequent

  std::string random_project() { return "project-" + std::to_string(random_.below(3)); }
  std::int64_t random_time() { return static_cast<std::int64_t>(random_.below(30)); }
  NewEntry random_entry() {
    NewEntry entry =
        entry_at(random_time(), "/" + std::to_string(random_.next()), random_.below(kIdentities), random_project());
    if (random_.one_in(3)) entry.kind = EntryKind::kInfra;
    return random_.one_in(3) ? interrupted(entry) : entry;
  }
  ScanRange random_range() {
    ScanRange range;
    if (random_.one_in(2)) range.project_slug = random_project();
    if (random_.one_in(4)) range.kind = random_.one_in(2) ? EntryKind::kInfra : EntryKind::kEntry;
    if (random_.one_in(2)) range.from_us = random_time();
    if (random_.one_in(2)) range.to_us = random_time();
    if (random_.one_in(2)) range.before = Position{random_time(), random_.below(200)};
    return range;
  }
  static std::string line_of(const EntryColumns& columns, std::uint64_t uid, std::string_view document) {
    return std::to_string(uid) + " " + columns.project_slug + " " + std::to_string(columns.ordered_at_us) + " " +
           columns.path + (columns.kind == EntryKind::kInfra ? " infra" : "") +
           (columns.interrupted ? " interrupted " : " complete ") + std::string(document);
  }
  static std::vector<std::string> take(Store& store, const ScanRange& range, std::size_t wanted) {
    std::vector<std::string> lines;
    const Status scanned = store.scan(range, [&](const ScannedEntry& entry) {
      lines.push_back(line_of(entry.columns(), entry.uid(), entry.document()));
      return lines.size() < wanted;
    });
    EXPECT_TRUE(scanned.ok()) << scanned.message();
    return lines;
  }

  logs_sdk::SeededRandom random_;
  Store& store_;
  MemoryStore reference_;
};

TEST(SqliteStoreAgainstTheReference, answers_the_same_after_random_operations) {
  constexpr int kOperations = 1500;
  const TemporaryFolder folder;
  const std::unique_ptr<Store> store = make_sqlite(folder.path());
  RandomOperations operations(*store);
  for (int i = 0; i < kOperations && !::testing::Test::HasFatalFailure(); ++i) {
    switch (operations.random().below(4)) {
      case 0:
        operations.append_to_both();
        break;
      case 1:
        operations.compare_scan();
        break;
      case 2:
        operations.compare_find();
        break;
      default:
        operations.compare_count();
    }
  }
}

}  // namespace
}  // namespace logs_server
