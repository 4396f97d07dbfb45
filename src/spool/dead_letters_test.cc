#include "src/spool/dead_letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "src/spool/spool.h"
#include "testing/manual_clock.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

constexpr std::uint64_t kCap = 2 << 20;
constexpr std::uint64_t kLimit = kCap / 20;
const std::string kInstance(32, 'a');

FindProjectFolder at(const std::string& path) {
  return [path] { return ProjectFolder{.path = path, .notice = {}}; };
}

class DeadLettersTest : public ::testing::Test {
 protected:
  static DeadLetter letter(std::string_view entry, std::string_view reason = "too old") {
    return {.instance = kInstance, .stream = 1, .status = 422, .reason = reason, .entry = entry};
  }
  fs::path folder() const { return fs::path(folder_.path()) / kDeadLetterFolder; }
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    if (!fs::exists(folder())) return found;
    for (const auto& file : fs::directory_iterator(folder())) found.push_back(file.path());
    std::sort(found.begin(), found.end());
    return found;
  }
  std::uint64_t bytes() const {
    std::uint64_t sum = 0;
    for (const auto& file : files()) sum += fs::file_size(file);
    return sum;
  }
  // Every line of every file, oldest first. A line that is no JSON throws.
  std::vector<json> lines() const {
    std::vector<json> all;
    for (const auto& file : files()) {
      std::ifstream in(file);
      for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
    }
    return all;
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  DeadLetters letters_{at(folder_.path()), kCap, clock_};
};

TEST_F(DeadLettersTest, a_line_holds_when_whose_why_and_the_entry) {
  ASSERT_TRUE(
      letters_.keep(letter(R"({"uuid":"x","message":"a \"quoted\" word"})", R"(level: "fatal" \ unknown)")).ok());
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_EQ(lines()[0], json::parse(R"({"time":"2026-01-02T03:04:05.000000Z","instance":")" + kInstance +
                                    R"(","stream":1,"status":422,"reason":"level: \"fatal\" \\ unknown",)"
                                    R"("entry":{"uuid":"x","message":"a \"quoted\" word"}})"));
  EXPECT_EQ(letters_.counts().kept, 1U);
}

TEST_F(DeadLettersTest, folder_and_files_are_for_the_owner_alone) {
  const mode_t before = umask(0);
  EXPECT_TRUE(letters_.keep(letter("{}")).ok());
  umask(before);
  struct stat status = {};
  ASSERT_EQ(stat(files().at(0).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  ASSERT_EQ(stat(folder().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
}

TEST_F(DeadLettersTest, a_letter_is_one_line_whatever_it_holds) {
  EXPECT_TRUE(letters_.keep(letter("{\n  \"a\":\r\n1}", "two\nlines\x01")).ok());
  EXPECT_TRUE(letters_.keep(letter("{}")).ok());
  ASSERT_EQ(lines().size(), 2U);
  EXPECT_EQ(lines()[0]["reason"], "two lines ");
  EXPECT_EQ(lines()[0]["entry"]["a"], 1);
}

TEST_F(DeadLettersTest, a_reason_is_cut_at_256_bytes_and_between_characters) {
  std::string reason(255, 'r');
  EXPECT_TRUE(letters_.keep(letter("{}", reason + "\xE4\xB8\xAD")).ok());
  EXPECT_EQ(lines().at(0)["reason"], reason);
  EXPECT_TRUE(letters_.keep(letter("{}", std::string(5000, 'r'))).ok());
  EXPECT_EQ(lines().at(1)["reason"], std::string(256, 'r'));
}

TEST_F(DeadLettersTest, they_stay_below_their_share_and_the_oldest_file_goes_first_counted) {
  const std::string padding(1000, 'p');
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(letters_.keep(letter(R"({"n":)" + std::to_string(i) + R"(,"p":")" + padding + "\"}")).ok());
    ASSERT_LE(bytes(), kLimit);
  }
  const std::vector<json> left = lines();
  EXPECT_EQ(letters_.counts().kept, 1000U);
  EXPECT_EQ(letters_.counts().lost, 1000U - left.size());
  EXPECT_GT(bytes(), kLimit / 2) << "not more than needed";
  EXPECT_EQ(left.front()["entry"]["n"], 1000 - left.size());
  EXPECT_EQ(left.back()["entry"]["n"], 999);
}

TEST_F(DeadLettersTest, one_that_is_larger_than_all_may_be_is_not_kept) {
  EXPECT_TRUE(letters_.keep(letter("{}")).ok());
  const Status status = letters_.keep(letter('"' + std::string(kLimit, 'x') + '"'));
  EXPECT_THAT(status.message(), HasSubstr(std::to_string(kLimit)));
  EXPECT_EQ(letters_.counts().lost, 1U);
  EXPECT_EQ(lines().size(), 1U) << "and nothing makes room for it in vain";
}

TEST_F(DeadLettersTest, several_processes_write_at_once_and_no_line_is_torn_or_lost) {
  constexpr int kProcesses = 4, kLetters = 50;
  for (int process = 0; process < kProcesses; ++process) {
    if (fork() != 0) continue;
    DeadLetters own(at(folder_.path()), kCap, system_clock());
    bool ok = true;
    for (int i = 0; i < kLetters; ++i) {
      ok = own.keep(letter(R"({"process":)" + std::to_string(process) + R"(,"n":)" + std::to_string(i) + "}")).ok() &&
           ok;
    }
    _exit(ok ? 0 : 1);
  }
  for (int process = 0; process < kProcesses; ++process) {
    int status = 0;
    wait(&status);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(lines().size(), std::size_t{kProcesses * kLetters});
  EXPECT_EQ(files().size(), std::size_t{kProcesses});
}

TEST_F(DeadLettersTest, several_writers_share_one_limit) {
  std::vector<std::unique_ptr<DeadLetters>> writers;
  for (int i = 0; i < 5; ++i) writers.push_back(std::make_unique<DeadLetters>(at(folder_.path()), kCap, clock_));
  const std::string entry = '"' + std::string(5000, 'x') + '"';
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(writers[static_cast<std::size_t>(i) % 5]->keep(letter(entry)).ok());
  EXPECT_LE(bytes(), kLimit);
  std::uint64_t kept = 0, lost = 0;
  for (const auto& writer : writers) kept += writer->counts().kept, lost += writer->counts().lost;
  EXPECT_EQ(kept, 200U);
  EXPECT_EQ(lines().size(), kept - lost) << "each letter that made room was counted by who removed it";
}

TEST_F(DeadLettersTest, a_file_or_folder_that_somebody_removed_is_made_anew) {
  EXPECT_TRUE(letters_.keep(letter("1")).ok());
  fs::remove(files().at(0));
  EXPECT_TRUE(letters_.keep(letter("2")).ok());
  fs::remove_all(folder());
  EXPECT_TRUE(letters_.keep(letter("3")).ok());
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_EQ(lines()[0]["entry"], 3);
}

TEST_F(DeadLettersTest, a_link_is_not_followed) {
  const TemporaryFolder elsewhere;
  fs::create_symlink(elsewhere.path(), folder());
  EXPECT_FALSE(letters_.keep(letter("{}")).ok());
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
  EXPECT_EQ(letters_.counts().lost, 1U);
}

TEST_F(DeadLettersTest, without_a_project_folder_nothing_is_kept_and_the_status_says_why) {
  DeadLetters nowhere(at(folder_.file("missing")), kCap, clock_);
  EXPECT_THAT(nowhere.keep(letter("{}")).message(), HasSubstr("missing"));
  EXPECT_EQ(nowhere.counts().lost, 1U);
}

TEST_F(DeadLettersTest, files_that_are_not_ours_are_left_alone_and_not_counted) {
  fs::create_directory(folder());
  std::ofstream(folder() / "notes.txt") << std::string(kLimit, 'n');
  EXPECT_TRUE(letters_.keep(letter("{}")).ok());
  EXPECT_TRUE(fs::exists(folder() / "notes.txt"));
}

TEST_F(DeadLettersTest, on_a_full_disk_no_half_line_stays) {
  const TemporaryFolder place;
  if (mount("none", place.path().c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "not run: mount is not permitted";
  DeadLetters crowded(at(place.path()), 1ull << 30, clock_);
  const std::string entry = '"' + std::string(9000, 'x') + '"';
  int kept = 0;
  while (crowded.keep(letter(entry)).ok()) ++kept;
  EXPECT_GT(kept, 3);
  EXPECT_FALSE(crowded.keep(letter(entry)).ok());
  EXPECT_EQ(crowded.counts().lost, 2U);
  std::uint64_t lines = 0;
  for (const auto& file : fs::directory_iterator(fs::path(place.path()) / kDeadLetterFolder)) {
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line); ++lines) EXPECT_TRUE(json::accept(line)) << line.size();
  }
  EXPECT_EQ(lines, static_cast<std::uint64_t>(kept));
  umount(place.path().c_str());
}

TEST_F(DeadLettersTest, what_they_take_is_taken_from_what_the_spool_may) {
  const auto segment_bytes = [this] {
    std::uint64_t sum = 0;
    for (const auto& file : fs::recursive_directory_iterator(folder_.path())) {
      if (file.path().filename().string().starts_with("seg-")) sum += fs::file_size(file.path());
    }
    return sum;
  };
  SeededRandom random;
  SpoolOptions options;
  options.project_dir = folder_.path();
  options.max_bytes = kCap;
  const std::string entry = '"' + std::string(20'000, 'x') + '"';
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(letters_.keep(letter(entry)).ok());
  const auto spool = Spool::open(options, clock_, random);
  const std::string payload(spool->max_record_bytes() / 2, 'p');
  for (int i = 0; i < 200; ++i) {
    spool->append(0, payload);
    spool->maintain();
  }
  EXPECT_GT(spool->spooled().dropped[static_cast<std::size_t>(DropReason::kCap)], 0U);
  EXPECT_LE(segment_bytes() + bytes(), kCap);
}

TEST_F(DeadLettersTest, letters_that_come_later_make_the_spool_shrink) {
  SeededRandom random;
  SpoolOptions options;
  options.project_dir = folder_.path();
  options.max_bytes = kCap;
  const auto spool = Spool::open(options, clock_, random);
  const std::string payload(spool->max_record_bytes() / 2, 'p');
  for (int i = 0; i < 200; ++i) {
    spool->append(0, payload);
    spool->maintain();
  }
  const std::string entry = '"' + std::string(20'000, 'x') + '"';
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(letters_.keep(letter(entry)).ok());
  clock_.advance(std::chrono::seconds(2));
  spool->maintain();
  std::uint64_t sum = bytes();
  for (const auto& file : fs::recursive_directory_iterator(folder_.path())) {
    if (file.path().filename().string().starts_with("seg-")) sum += fs::file_size(file.path());
  }
  EXPECT_LE(sum, kCap);
}

}  // namespace
}  // namespace logs_sdk::inline v1
