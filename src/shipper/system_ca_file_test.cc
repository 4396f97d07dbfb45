#include "src/shipper/system_ca_file.h"

#include <gtest/gtest.h>

#include "testing/file_bytes.h"
#include "testing/temporary_folder.h"

namespace logs_sdk {
namespace {

TEST(SystemCaFileTest, what_libcurl_was_built_with_goes_first) {
  const TemporaryFolder folder;
  const std::string built_in = folder.file("built_in.pem"), other = folder.file("other.pem");
  replace_file(built_in, "");
  replace_file(other, "");
  const std::array known = {other.c_str()};
  EXPECT_EQ(system_ca_file(built_in, known), built_in);
}

TEST(SystemCaFileTest, on_another_distribution_the_first_file_that_is_there_is_taken) {
  const TemporaryFolder folder;
  const std::string missing = folder.file("missing.pem"), first = folder.file("1.pem"), second = folder.file("2.pem");
  replace_file(first, "");
  replace_file(second, "");
  const std::array known = {missing.c_str(), first.c_str(), second.c_str()};
  EXPECT_EQ(system_ca_file("/no/such/file.pem", known), first);
  EXPECT_EQ(system_ca_file("", known), first);
  EXPECT_EQ(system_ca_file("", std::array{missing.c_str()}), "");
}

TEST(SystemCaFileTest, the_authorities_of_this_machine_are_found_without_being_told_where) {
  const std::string found = system_ca_file("");
  const std::string bytes = file_bytes(found);
  std::size_t certificates = 0;
  for (std::size_t at = 0; (at = bytes.find("-----BEGIN CERTIFICATE-----", at)) != std::string::npos; ++at) {
    ++certificates;
  }
  EXPECT_GT(certificates, 50U) << found << "; is the package ca-certificates installed?";
}

}  // namespace
}  // namespace logs_sdk
