// Writes the two files of the MaxMind format that tell where the clients of the golden exchanges are; the table is that
// of testing/golden/README.md. Arguments: the file of places, the file of providers.
#include <string>

#include "testing/file_bytes.h"
#include "testing/geo_writer.h"

namespace {

using logs_sdk::GeoWriter;

struct Network {
  const char* address;
  int bits;
  const char *country, *province, *city, *isp;
};

constexpr Network kNetworks[] = {
    {"81.2.69.0", 24, "United Kingdom", "England", "London", "Andrews & Arnold"},
    {"89.160.20.0", 24, "Sweden", "Östergötland County", "Linköping", "Bredband2"},
    {"2001:218::", 32, "Japan", "Tokyo", "Chiyoda", "NTT Communications"},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  GeoWriter places, providers;
  for (const Network& network : kNetworks) {
    places.add(network.address, network.bits,
               GeoWriter::map({{"country", GeoWriter::names(network.country)},
                               {"subdivisions", GeoWriter::array({GeoWriter::names(network.province)})},
                               {"city", GeoWriter::names(network.city)}}));
    providers.add(network.address, network.bits, GeoWriter::map({{"isp", GeoWriter::text(network.isp)}}));
  }
  logs_sdk::replace_file(argv[1], places.bytes("Golden-City"));
  logs_sdk::replace_file(argv[2], providers.bytes("Golden-ISP"));
  return 0;
}
