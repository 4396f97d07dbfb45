// Files of the MaxMind format: what they tell of an address, how they are replaced, and what damage does to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "server/enrich/geo_database.h"
#include "server/enrich/geo_file.h"
#include "server/enrich/place.h"
#include "testing/damage.h"
#include "testing/file_bytes.h"
#include "testing/geo_writer.h"
#include "testing/seeded_random.h"
#include "testing/temporary_folder.h"

// Of the description of a damaged file libmaxminddb 1.7 does not let go: a few KB, once for each such file.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libmaxminddb"; }

namespace logs_server {

void PrintTo(const Place& place, std::ostream* out) {
  *out << place.country << " | " << place.province << " | " << place.city << " | " << place.isp;
}

namespace {

using logs_sdk::GeoWriter;
using logs_sdk::replace_file;
using logs_sdk::Status;
using logs_sdk::TemporaryFolder;
namespace damage = logs_sdk::damage;

std::string city_record(const std::string& city = "Hangzhou") {
  return GeoWriter::map({{"city", GeoWriter::names(city, "杭州")},
                         {"country", GeoWriter::map({{"iso_code", GeoWriter::text("CN")},
                                                     {"names", GeoWriter::map({{"en", GeoWriter::text("China")},
                                                                               {"zh-CN", GeoWriter::text("中国")}})}})},
                         {"subdivisions", GeoWriter::array({GeoWriter::names("Zhejiang", "浙江")})}});
}

std::string city_file(const std::string& city = "Hangzhou") {
  GeoWriter writer;
  writer.add("198.51.100.0", 24, city_record(city));
  writer.add("2001:db8::", 32, GeoWriter::map({{"country", GeoWriter::map({{"iso_code", GeoWriter::text("DE")}})}}));
  writer.add("203.0.113.0", 24, GeoWriter::map({{"registered_country", GeoWriter::names("France")}}));
  return writer.bytes("Test-City");
}

Place place_of(const GeoDatabase& database, const std::string& address, const std::string& language = "en") {
  Place place;
  const auto socket_address = public_address(address);
  if (!socket_address) return place;
  const auto record = database.find(reinterpret_cast<const sockaddr&>(*socket_address));
  if (!record) return place;
  add_place(*record, language, place);
  add_isp(*record, place);
  return place;
}

logs_sdk::Result<std::shared_ptr<const GeoDatabase>> opened(const std::string& bytes) {
  static const TemporaryFolder kFolder;
  std::filesystem::remove(kFolder.file("geo.mmdb"));  // a file that is truncated is written to the disk at once
  replace_file(kFolder.file("geo.mmdb"), bytes);
  return GeoDatabase::open(kFolder.file("geo.mmdb"));
}

TEST(GeoDatabaseTest, an_address_has_the_names_of_its_place_in_the_language_asked_for) {
  const auto database = opened(city_file());
  ASSERT_TRUE(database.ok()) << database.status().message();
  EXPECT_EQ(place_of(*database.value(), "198.51.100.7"), (Place{"China", "Zhejiang", "Hangzhou", ""}));
  EXPECT_EQ(place_of(*database.value(), "198.51.100.7", "zh-CN"), (Place{"中国", "浙江", "杭州", ""}));
  EXPECT_EQ(place_of(*database.value(), "198.51.100.7", "xx"), (Place{"China", "Zhejiang", "Hangzhou", ""}));
  EXPECT_EQ(database.value()->type(), "Test-City");
  EXPECT_EQ(database.value()->built_at_s(), 1'700'000'000);
}

TEST(GeoDatabaseTest, what_is_missing_is_replaced_by_the_code_or_by_where_the_network_is_registered) {
  const auto database = opened(city_file());
  ASSERT_TRUE(database.ok());
  EXPECT_EQ(place_of(*database.value(), "2001:db8::1"), (Place{"DE", "", "", ""}));
  EXPECT_EQ(place_of(*database.value(), "203.0.113.9"), (Place{"France", "", "", ""}));
  EXPECT_EQ(place_of(*database.value(), "192.0.2.1"), Place{});
}

TEST(GeoDatabaseTest, an_ipv4_address_is_the_same_written_as_ipv6) {
  const auto database = opened(city_file());
  ASSERT_TRUE(database.ok());
  EXPECT_EQ(place_of(*database.value(), "::ffff:198.51.100.7").city, "Hangzhou");
  EXPECT_EQ(place_of(*database.value(), "::ffff:c633:6407").city, "Hangzhou");
}

TEST(GeoDatabaseTest, a_provider_is_its_name_or_that_of_its_network) {
  GeoWriter writer;
  writer.add("198.51.100.0", 24,
             GeoWriter::map({{"autonomous_system_organization", GeoWriter::text("NET-1")},
                             {"isp", GeoWriter::text("China Telecom")},
                             {"organization", GeoWriter::text("Somebody")}}));
  writer.add("203.0.113.0", 24,
             GeoWriter::map({{"autonomous_system_number", GeoWriter::number(6, 64500)},
                             {"autonomous_system_organization", GeoWriter::text("NET-2")}}));
  const auto database = opened(writer.bytes("Test-ISP"));
  ASSERT_TRUE(database.ok());
  EXPECT_EQ(place_of(*database.value(), "198.51.100.7").isp, "China Telecom");
  EXPECT_EQ(place_of(*database.value(), "203.0.113.7").isp, "NET-2");
}

TEST(PublicAddressTest, an_address_that_is_nobodys_in_particular_is_not_looked_up) {
  for (const char* address : {"",
                              "unknown",
                              "10.1.2.3",
                              "127.0.0.1",
                              "192.168.0.9",
                              "172.16.0.1",
                              "172.31.255.255",
                              "169.254.1.1",
                              "100.64.0.1",
                              "0.0.0.0",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::1",
                              "::",
                              "fe80::1%eth0",
                              "fd00::1",
                              "fc00::1",
                              "ff02::1",
                              "::ffff:10.0.0.1",
                              "1.2.3",
                              "1.2.3.4.5",
                              "1.2.3.4:80",
                              "[2001:db8::1]",
                              "*",
                              "198.51.100.7 "}) {
    EXPECT_FALSE(public_address(address)) << address;
  }
  for (const char* address :
       {"198.51.100.7", "172.32.0.1", "100.128.0.1", "2001:db8::1", "2001:db8::1%eth0", "11.0.0.1"}) {
    EXPECT_TRUE(public_address(address)) << address;
  }
}

// -- Damage

// Looks up what the file has, and what it has not; nothing may go wrong but the answers.
void look_around(const GeoDatabase& database) {
  for (const char* address : {"198.51.100.7", "2001:db8::1", "203.0.113.1", "192.0.2.1", "8.8.8.8", "2a00::1"}) {
    place_of(database, address, "zh-CN");
  }
}

TEST(GeoDamageTest, a_file_that_is_cut_anywhere_is_refused) {
  const std::string whole = city_file();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(opened(damage::cut(whole, length)).ok()) << length;
  }
}

TEST(GeoDamageTest, no_flipped_byte_makes_a_look_up_read_outside) {
  const std::string whole = city_file();
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char mask : "\x01\x20\x80\xe0\xff") {
      const auto database = opened(damage::flip(whole, at, static_cast<unsigned char>(mask)));
      if (!database.ok()) ++refused;
      if (database.ok()) look_around(*database.value());
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(GeoDamageTest, garbage_within_a_file_is_refused_or_harmless) {
  const std::string whole = city_file();
  logs_sdk::SeededRandom random;
  for (int round = 0; round < 500; ++round) {
    const std::string garbage = damage::garbage(random, 1 + random.below(40));
    const std::size_t at = random.below(whole.size() - garbage.size());
    const auto database = opened(std::string(whole).replace(at, garbage.size(), garbage));
    if (database.ok()) look_around(*database.value());
  }
}

TEST(GeoDamageTest, nesting_without_end_does_not_take_the_stack) {
  std::string deep;
  for (int i = 0; i < 60'000; ++i) deep += "\x01\x04";  // an array of one
  deep += GeoWriter::text("end");
  GeoWriter writer;
  writer.add("198.51.100.0", 24, GeoWriter::map({{"a", deep}, {"isp", GeoWriter::text("x")}}));
  EXPECT_EQ(opened(writer.bytes("Deep")).status().message(), "its record at offset 0 is damaged");
  EXPECT_FALSE(opened("\xab\xcd\xefMaxMind.com" + GeoWriter::map({{"a", deep}})).ok());
}

TEST(GeoDamageTest, pointers_in_a_circle_and_records_that_multiply_are_refused) {
  GeoWriter circle;
  circle.add("198.51.100.0", 24, std::string("\xe1") + GeoWriter::text("a") + std::string("\x20\x00", 2));
  EXPECT_FALSE(opened(circle.bytes("Circle")).ok());
  // Ten levels of thirty pointers each to the next.
  std::string record;
  const std::size_t level_bytes = 2 + 1 + 2 * 28;
  for (int level = 0; level < 10; ++level) {
    const std::size_t next = static_cast<std::size_t>(level + 1) * (level_bytes - 1);
    std::vector<std::string> pointers(28,
                                      std::string{static_cast<char>(0x20 | next >> 8), static_cast<char>(next & 0xff)});
    record += GeoWriter::array(pointers);
  }
  GeoWriter many;
  many.add("198.51.100.0", 24, record + GeoWriter::text("end"));
  EXPECT_FALSE(opened(many.bytes("Many")).ok());
}

TEST(GeoDamageTest, what_is_no_file_says_why) {
  const TemporaryFolder folder;
  EXPECT_THAT(GeoDatabase::open(folder.file("none")).status().message(), testing::HasSubstr("No such file"));
  EXPECT_EQ(GeoDatabase::open(folder.path()).status().message(), "is not a regular file");
  replace_file(folder.file("empty"), "");
  EXPECT_EQ(GeoDatabase::open(folder.file("empty")).status().message(), "is empty");
  replace_file(folder.file("text"), "country,city\n");
  EXPECT_EQ(GeoDatabase::open(folder.file("text")).status().message(),
            "is no file of the MaxMind format, or not a whole one");
}

// -- Replacement

class GeoFileTest : public testing::Test {
 protected:
  // By another name, as programs that fetch such files do.
  void put(const std::string& bytes) {
    replace_file(folder_.file("new"), bytes);
    std::filesystem::rename(folder_.file("new"), path_);
  }
  std::unique_ptr<GeoFile> make() {
    return std::make_unique<GeoFile>(path_, [this](const Status& status) { told_.push_back(status.message()); });
  }
  static std::string city(const GeoFile& file) {
    const auto database = file.current();
    return database ? place_of(*database, "198.51.100.7").city : "-";
  }
  static void look_twice(GeoFile& file) {
    file.refresh();
    file.refresh();
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.file("geo.mmdb");
  std::vector<std::string> told_;  // empty: in use
};

TEST_F(GeoFileTest, a_new_file_is_used_once_it_has_stayed_the_same_between_two_looks) {
  put(city_file("Hangzhou"));
  const auto file = make();
  EXPECT_EQ(city(*file), "Hangzhou");
  put(city_file("Ningbo 1"));
  file->refresh();
  EXPECT_EQ(city(*file), "Hangzhou");
  file->refresh();
  EXPECT_EQ(city(*file), "Ningbo 1");
  EXPECT_EQ(told_, (std::vector<std::string>{"", ""}));
  EXPECT_EQ(file->state().loads, 2U);
}

TEST_F(GeoFileTest, who_looks_up_keeps_what_it_began_with) {
  put(city_file("Hangzhou"));
  const auto file = make();
  const auto before = file->current();
  put(city_file("Ningbo 1"));
  look_twice(*file);
  EXPECT_EQ(place_of(*before, "198.51.100.7").city, "Hangzhou");
}

TEST_F(GeoFileTest, a_broken_file_keeps_the_old_one_and_is_told_of_once) {
  put(city_file());
  const auto file = make();
  put(city_file().substr(0, 300));
  for (int i = 0; i < 5; ++i) file->refresh();
  EXPECT_EQ(city(*file), "Hangzhou");
  EXPECT_EQ(told_.size(), 2U);
  EXPECT_EQ(file->state().failures, 1U);
  EXPECT_THAT(file->state().problem, testing::HasSubstr("MaxMind"));
  put(city_file("Ningbo 1"));
  look_twice(*file);
  EXPECT_EQ(city(*file), "Ningbo 1");
  EXPECT_EQ(file->state().problem, "");
}

TEST_F(GeoFileTest, a_file_that_is_overwritten_in_place_does_not_change_under_a_look_up) {
  put(city_file());
  const auto file = make();
  replace_file(path_, "");  // truncated: a mapping of it would kill the process
  EXPECT_EQ(city(*file), "Hangzhou");
  look_twice(*file);
  EXPECT_EQ(city(*file), "Hangzhou");
  EXPECT_EQ(file->state().problem, "is empty");
}

TEST_F(GeoFileTest, a_file_that_grows_between_the_looks_waits) {
  const std::string whole = city_file("Ningbo 1");
  put(city_file());
  const auto file = make();
  for (std::size_t part = 100; part < 600; part += 100) {
    put(whole.substr(0, part));
    file->refresh();
  }
  put(whole);
  look_twice(*file);
  EXPECT_EQ(city(*file), "Ningbo 1");
  EXPECT_EQ(told_, (std::vector<std::string>{"", ""}));
}

TEST_F(GeoFileTest, a_file_may_come_later_and_go_again) {
  const auto file = make();
  EXPECT_EQ(city(*file), "-");
  EXPECT_THAT(told_, testing::ElementsAre(testing::HasSubstr("No such file")));
  put(city_file());
  look_twice(*file);
  EXPECT_EQ(city(*file), "Hangzhou");
  std::filesystem::remove(path_);
  look_twice(*file);
  look_twice(*file);
  EXPECT_EQ(city(*file), "Hangzhou");
  EXPECT_EQ(told_.size(), 3U);
}

TEST(NoGeoFileTest, without_a_name_there_is_nothing_to_look_at) {
  GeoFile file("", [](const Status&) { FAIL(); });
  file.refresh();
  EXPECT_EQ(file.current(), nullptr);
  EXPECT_FALSE(file.state().named);
}

}  // namespace
}  // namespace logs_server
