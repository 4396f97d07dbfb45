#include "server/store/sqlite_store.h"

#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <map>
#include <new>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/compression.h"
#include "testing/file_bytes.h"
#include "testing/sample_entry.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::TemporaryFolder;
using ::testing::HasSubstr;

std::unique_ptr<SqliteStore> open_store(const std::string& folder) {
  auto store = SqliteStore::open(folder);
  EXPECT_TRUE(store.ok()) << store.status().message();
  return store.ok() ? std::move(store).value() : nullptr;
}

NewEntry entry_of(std::uint64_t number, const std::string& path = "/orders") {
  const auto time_ms = static_cast<std::int64_t>(1'760'000'000'000 + number);
  return sample_entry(sample_uuid(time_ms, number), time_ms * 1000, {{"path", path}, {"project_slug", "shop"}});
}

std::vector<NewEntry> entries_from(std::uint64_t first, std::size_t count, const std::string& path = "/orders") {
  std::vector<NewEntry> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back(entry_of(first + i, path));
  return entries;
}

// SQL on the closed file, as a foreign hand would do it.
void change_file(const std::string& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, &message), SQLITE_OK) << message;
  sqlite3_close(database);
}

TEST(SqliteStore, keeps_its_entries_and_goes_on_counting_after_it_was_closed) {
  const TemporaryFolder folder;
  ASSERT_TRUE(open_store(folder.path())->append(entries_from(1, 3)).ok());
  const auto store = open_store(folder.path());
  EXPECT_EQ(store->count().value(), 3u);
  ASSERT_TRUE(store->append(entries_from(3, 2)).ok());
  EXPECT_EQ(store->find(entry_of(4).uuid, "shop").value()->uid, 4u);
}

TEST(SqliteStore, makes_its_folder) {
  const TemporaryFolder folder;
  ASSERT_NE(open_store(folder.file("data")), nullptr);
  EXPECT_NE(open_store(folder.file("data/")), nullptr);
}

TEST(SqliteStore, says_which_folder_it_cannot_make) {
  const TemporaryFolder folder;
  const auto store = SqliteStore::open(folder.file("missing/data"));
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.status().code(), Code::kConfiguration);
  EXPECT_THAT(store.status().message(), HasSubstr("missing/data: cannot be made: No such file or directory"));
}

TEST(SqliteStore, refuses_a_folder_that_another_server_uses) {
  const TemporaryFolder folder;
  auto first = open_store(folder.path());
  const auto second = SqliteStore::open(folder.path());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), Code::kConfiguration);
  EXPECT_THAT(second.status().message(),
              HasSubstr("another server uses this folder (process " + std::to_string(::getpid()) + ")"));
  first.reset();
  EXPECT_NE(open_store(folder.path()), nullptr);
}

TEST(SqliteStore, refuses_a_file_of_another_program_and_leaves_it_alone) {
  const TemporaryFolder folder;
  change_file(folder.file("store.db"), "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
  const auto store = SqliteStore::open(folder.path());
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.status().code(), Code::kConfiguration);
  EXPECT_THAT(store.status().message(), HasSubstr("belongs to another program"));
  change_file(folder.file("store.db"), "UPDATE theirs SET a = 2");
}

TEST(SqliteStore, refuses_a_file_of_a_newer_version) {
  const TemporaryFolder folder;
  open_store(folder.path()).reset();
  change_file(folder.file("store.db"), "PRAGMA user_version = 3");
  const auto store = SqliteStore::open(folder.path());
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.status().code(), Code::kConfiguration);
  EXPECT_THAT(store.status().message(), HasSubstr("has schema version 3, this program knows 1 to 2"));
}

// A store as version 1 of the schema left it, written by the program of that time.
void unpack_version_1(const std::string& path) {
  logs_sdk::Decompressor unpacker(logs_sdk::Encoding::kGzip, std::size_t{1} << 20);
  std::string database;
  const std::string packed = logs_sdk::file_bytes(LOGS_SDK_SOURCE_DIR "/testing/golden/store_version_1.db.gz");
  ASSERT_TRUE(unpacker.write(packed, database).ok());
  ASSERT_TRUE(unpacker.finish().ok());
  logs_sdk::replace_file(path, database);
}

TEST(SqliteStore, brings_a_file_of_version_1_up_to_date_with_all_its_entries) {
  const TemporaryFolder folder;
  unpack_version_1(folder.file("store.db"));
  for (int opened = 0; opened < 2; ++opened) {
    const auto store = open_store(folder.path());
    std::vector<std::string> seen;
    EXPECT_TRUE(store
                    ->scan({},
                           [&](const ScannedEntry& entry) {
                             EXPECT_EQ(entry.columns().kind, EntryKind::kEntry);
                             EXPECT_FALSE(entry.document().empty());
                             seen.push_back(entry.columns().project_slug + entry.columns().path);
                             return true;
                           })
                    .ok());
    EXPECT_THAT(seen, ::testing::ElementsAre("default/orders/3", "shop/orders/2", "default/orders/1", "shop/orders/1"));
    EXPECT_EQ(store->clients({}).value().size(), static_cast<std::size_t>(opened));
    NewEntry infra = entry_of(static_cast<std::uint64_t>(opened), "/infra");
    infra.kind = EntryKind::kInfra;
    infra.ordered_at_us = 0;
    const std::vector<ClientPost> posts{{.project_slug = "shop", .instance = std::string(32, 'a')}};
    ASSERT_TRUE(store->append(std::vector{infra}, posts).ok());
    EXPECT_EQ(store->find(infra.uuid, {}).value()->kind, EntryKind::kInfra);
    change_file(folder.file("store.db"), "DELETE FROM entry WHERE kind = 1");
  }
}

std::string schema_of(const std::string& path) {
  auto file = SqliteConnection::open(path);
  auto rows = file.value()->prepare("SELECT sql FROM sqlite_schema ORDER BY name");
  std::string schema;
  while (rows.value().step() == SQLITE_ROW) schema += std::string(rows.value().column_text(0)) + "\n";
  return schema + std::to_string(file.value()->query_integer("PRAGMA user_version").value());
}

TEST(SqliteStore, an_upgraded_file_and_a_new_one_have_the_same_schema) {
  const TemporaryFolder old_folder, new_folder;
  unpack_version_1(old_folder.file("store.db"));
  open_store(old_folder.path()).reset();
  open_store(new_folder.path()).reset();
  EXPECT_EQ(schema_of(old_folder.file("store.db")), schema_of(new_folder.file("store.db")));
}

TEST(SqliteStore, a_client_older_than_the_records_of_clients_is_not_short_of_what_it_was_told_before) {
  const ClientPost post{
      .project_slug = "shop", .instance = std::string(32, 'a'), .ledger = ClientLedger{.captured = 9, .delivered = 9}};
  const TemporaryFolder old_folder, new_folder;
  unpack_version_1(old_folder.file("store.db"));
  for (const auto& [folder, missing] : {std::pair(old_folder.path(), 0u), std::pair(new_folder.path(), 9u)}) {
    const auto store = open_store(folder);
    ASSERT_TRUE(store->append({}, std::vector{post}).ok());
    EXPECT_EQ(store->clients({}).value().front().missing, missing) << folder;
  }
}

TEST(SqliteStore, an_upgrade_that_cannot_end_leaves_the_file_as_it_was) {
  const TemporaryFolder folder;
  unpack_version_1(folder.file("store.db"));
  change_file(folder.file("store.db"), "CREATE TABLE client_history (taken)");
  const std::string before = schema_of(folder.file("store.db"));
  EXPECT_FALSE(SqliteStore::open(folder.path()).ok());
  EXPECT_EQ(schema_of(folder.file("store.db")), before);
}

TEST(SqliteStore, refuses_a_file_that_is_no_database) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("store.db")) << std::string(10'000, 'x');
  const auto store = SqliteStore::open(folder.path());
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.status().code(), Code::kGiveUp);
  EXPECT_THAT(store.status().message(), HasSubstr("store.db"));
  EXPECT_THAT(store.status().message(), HasSubstr("file is not a database"));
}

TEST(SqliteStore, begins_anew_in_a_file_whose_making_was_cut_off) {
  const TemporaryFolder folder;
  change_file(folder.file("store.db"), "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; VACUUM");
  EXPECT_TRUE(open_store(folder.path())->append(entries_from(1, 1)).ok());
}

TEST(SqliteStore, a_scan_says_which_document_is_damaged_and_goes_on) {
  const TemporaryFolder folder;
  ASSERT_TRUE(open_store(folder.path())->append(entries_from(1, 3)).ok());
  change_file(folder.file("store.db"),
              "UPDATE entry SET document = substr(document, 1, length(document) - 1) WHERE uid = 2");
  const auto store = open_store(folder.path());
  std::vector<std::uint64_t> seen;
  const Status scanned = store->scan({}, [&](const ScannedEntry& entry) {
    seen.push_back(entry.uid());
    EXPECT_FALSE(entry.is_damaged()) << "nobody has asked for the document";
    EXPECT_EQ(entry.document().empty(), entry.uid() == 2);
    EXPECT_EQ(entry.is_damaged(), entry.uid() == 2);
    return true;
  });
  EXPECT_TRUE(scanned.ok()) << scanned.message();
  EXPECT_THAT(seen, ::testing::ElementsAre(3, 2, 1));
  const Status found = store->find(entry_of(2).uuid, {}).status();
  EXPECT_EQ(found.code(), Code::kGiveUp);
  EXPECT_THAT(found.message(), HasSubstr("uid 2 is damaged"));
}

TEST(SqliteStore, a_damaged_document_does_not_disturb_who_does_not_read_it) {
  const TemporaryFolder folder;
  ASSERT_TRUE(open_store(folder.path())->append(entries_from(1, 3)).ok());
  change_file(folder.file("store.db"), "UPDATE entry SET document = x'00' WHERE uid = 2");
  int visits = 0;
  EXPECT_TRUE(open_store(folder.path())->scan({}, [&](const ScannedEntry&) { return ++visits < 10; }).ok());
  EXPECT_EQ(visits, 3);
}

TEST(SqliteStore, refuses_a_document_that_is_too_long_and_stores_nothing_of_that_call) {
  const TemporaryFolder folder;
  const auto store = open_store(folder.path());
  std::vector<NewEntry> entries = entries_from(1, 2);
  entries[1].document.assign(kMaxDocumentBytes + 1, ' ');
  EXPECT_EQ(store->append(entries).status().code(), Code::kInput);
  EXPECT_EQ(store->count().value(), 0u);
}

// Runs `body` in a process of its own, whose limits and death are not ours; true when it exits with 0.
template <typename Body>
bool passes_in_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body() ? 0 : 1);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void limit_file_size(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

TEST(SqliteStore, stores_nothing_when_the_disk_is_full_and_goes_on_when_there_is_room_again) {
  const TemporaryFolder folder;
  EXPECT_TRUE(passes_in_child([&] {
    // A write beyond the limit fails as one to a full disk does, once the signal is out of the way.
    ::signal(SIGXFSZ, SIG_IGN);
    const auto store = open_store(folder.path());
    if (!store->append(entries_from(1, 10)).ok()) return false;
    limit_file_size(std::size_t{256} << 10);
    std::vector<NewEntry> many = entries_from(100, 3000);
    for (NewEntry& entry : many) entry.path = std::string(300, 'p');
    const auto refused = store->append(many);
    if (refused.ok() || refused.status().code() != Code::kRetry) return false;
    if (store->count().value() != 10) return false;
    limit_file_size(RLIM_INFINITY);
    return store->append(many).ok() && store->count().value() == 3010 &&
           store->find(many.front().uuid, "shop").value()->uid == 11;
  }));
}

TEST(SqliteStore, many_threads_append_and_read_at_once) {
  constexpr std::uint64_t kThreads = 4;
  constexpr std::uint64_t kBatches = 20;
  constexpr std::uint64_t kBatchSize = 10;
  const TemporaryFolder folder;
  const auto store = open_store(folder.path());
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t batch = 0; batch < kBatches; ++batch) {
        const std::uint64_t first = (thread * kBatches + batch) * kBatchSize;
        EXPECT_TRUE(store->append(entries_from(first, kBatchSize)).ok());
        EXPECT_TRUE(store->find(entry_of(first).uuid, "shop").value().has_value());
        std::uint64_t seen = 0;
        EXPECT_TRUE(store->scan({}, [&](const ScannedEntry&) { return ++seen > 0; }).ok());
        EXPECT_EQ(seen % kBatchSize, 0u) << "half of an append was seen";
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->count().value(), kThreads * kBatches * kBatchSize);
}

// What a killed writer had been told, kept where its death cannot touch it.
class SharedCounter {
 public:
  SharedCounter()
      : memory_(::mmap(nullptr, sizeof(std::atomic<std::uint64_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                       -1, 0)) {
    counter_ = new (memory_) std::atomic<std::uint64_t>(0);
  }
  ~SharedCounter() { ::munmap(memory_, sizeof(std::atomic<std::uint64_t>)); }
  std::atomic<std::uint64_t>& operator*() { return *counter_; }

 private:
  void* memory_;
  std::atomic<std::uint64_t>* counter_;
};

constexpr std::size_t kKilledBatchSize = 50;

[[noreturn]] void append_until_killed(const std::string& folder, std::uint64_t first_batch,
                                      std::atomic<std::uint64_t>& acknowledged) {
  const auto store = open_store(folder);
  for (std::uint64_t batch = first_batch;; ++batch) {
    const auto path = "/batch/" + std::to_string(batch);
    if (!store->append(entries_from(batch * kKilledBatchSize, kKilledBatchSize, path)).ok()) ::_exit(1);
    acknowledged.fetch_add(1);
  }
}

TEST(SqliteStore, a_killed_writer_leaves_every_acknowledged_batch_and_no_half_one) {
  constexpr int kRounds = 20;
  const TemporaryFolder folder;
  logs_sdk::SeededRandom random;
  SharedCounter acknowledged;
  std::uint64_t known_batches = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t kill_after = *acknowledged + 1 + random.below(10);
    const pid_t writer = ::fork();
    if (writer == 0) append_until_killed(folder.path(), known_batches, *acknowledged);
    while (*acknowledged < kill_after) std::this_thread::yield();
    for (std::uint64_t spin = random.below(200'000); spin > 0; --spin)
      std::atomic_signal_fence(std::memory_order_seq_cst);
    ASSERT_EQ(::kill(writer, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(writer, &status, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(status));

    std::map<std::string, std::size_t> sizes;
    const auto store = open_store(folder.path());
    ASSERT_TRUE(store->scan({}, [&](const ScannedEntry& entry) { return ++sizes[entry.columns().path] > 0; }).ok());
    for (const auto& [path, size] : sizes) EXPECT_EQ(size, kKilledBatchSize) << path;
    for (std::uint64_t batch = 0; batch < *acknowledged; ++batch) {
      EXPECT_TRUE(sizes.contains("/batch/" + std::to_string(batch))) << batch;
    }
    // The last one may have been committed without our being told.
    EXPECT_LE(sizes.size(), *acknowledged + 1);
    known_batches = sizes.size();
    *acknowledged = known_batches;
  }
}

TEST(DocumentWithUid, fills_the_uid_in) {
  const std::string document = entry_of(1).document;
  const std::string filled = document_with_uid(document, 1234567);
  EXPECT_EQ(nlohmann::json::parse(filled)["uid"], 1234567);
  EXPECT_EQ(filled.size(), document.size() + 6);
}

TEST(DocumentWithUid, leaves_a_document_of_another_form_alone) {
  EXPECT_EQ(document_with_uid("", 7), "");
  EXPECT_EQ(document_with_uid("{}", 7), "{}");
  const std::string document = entry_of(1).document;
  for (std::size_t length = 0; length < 55; ++length) {
    const std::string_view cut = std::string_view(document).substr(0, length);
    EXPECT_LE(document_with_uid(cut, 7).size(), cut.size()) << length;
  }
}

}  // namespace
}  // namespace logs_server
