// Whether bytes of a file in the MaxMind format can be looked at without harm (https://maxmind.github.io/MaxMind-DB/).
//
// libmaxminddb checks bounds as it reads, but recurses as deep as the file says, and finds damage only where a look-up
// happens to lead. So a file is walked over once before it is used, with bounds of ours. Free functions without state.
#ifndef LOGS_SERVER_ENRICH_GEO_CHECK_H_
#define LOGS_SERVER_ENRICH_GEO_CHECK_H_

#include <maxminddb.h>

#include <string>
#include <string_view>

namespace logs_server {

// Empty, or what is wrong: before the file is opened, and of the tree and all records that a look-up can reach, after
// it.
std::string check_geo_metadata(std::string_view file);
std::string check_geo_records(const MMDB_s& database);

}  // namespace logs_server

#endif  // LOGS_SERVER_ENRICH_GEO_CHECK_H_
