#include "src/shipper/destination.h"

#include <gtest/gtest.h>

#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

TEST(Destinations, infrastructure_entries_have_an_address_and_a_backoff_of_their_own) {
  SeededRandom random;
  Destinations destinations("https://logs.example/api/v1/ingest/logs", 0, random);
  EXPECT_EQ(destinations.of(0).url, "https://logs.example/api/v1/ingest/logs");
  EXPECT_EQ(destinations.of(kInfraStream).url, "https://logs.example/api/v1/ingest/infra-logs");
  destinations.of(kInfraStream).backoff.fail(SteadyTime{}, std::nullopt);
  EXPECT_EQ(destinations.of(0).backoff.state(), Backoff::State::kUp);
  EXPECT_TRUE(destinations.any(Backoff::State::kDown));
}

TEST(Destinations, an_unknown_stream_goes_to_the_endpoint) {
  SeededRandom random;
  Destinations destinations("https://logs.example/logs", 0, random);
  EXPECT_EQ(&destinations.of(200), &destinations.of(0));
}

TEST(WithLastSegment, replaces_the_last_segment_only) {
  EXPECT_EQ(with_last_segment("https://h/a/b", "x"), "https://h/a/x");
  EXPECT_EQ(with_last_segment("https://h/a/b/", "x"), "https://h/a/x");
  EXPECT_EQ(with_last_segment("https://h/a", "x"), "https://h/x");
  EXPECT_EQ(with_last_segment("https://h:8443", "x"), "https://h:8443/x");
  EXPECT_EQ(with_last_segment("https://h/", "x"), "https://h/x");
  EXPECT_EQ(with_last_segment("https://h/a/b?t=1/2", "x"), "https://h/a/x?t=1/2");
}

TEST(DisplayUrl, shows_neither_user_nor_query) {
  EXPECT_EQ(display_url("https://user:secret@h:1/a/b?token=x#f"), "https://h:1/a/b");
  EXPECT_EQ(display_url("http://127.0.0.1:80/p@q"), "http://127.0.0.1:80/p@q");
  EXPECT_EQ(display_url("https://h"), "https://h");
}

}  // namespace
}  // namespace logs_sdk
