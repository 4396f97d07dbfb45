// Closes on exec what libcurl opens for itself. Before 8.9 every program that the application starts inherits it: the
// pair that wakes a multi handle, for as long as the handle lives, and the pair by which the thread of a look-up tells
// that it is done. No transfer goes without either: curl_easy_perform() makes a multi handle of its own, and nothing
// tells their numbers or is called between their making and their use. The sockets to the platform are opened by us
// (CURLOPT_OPENSOCKETFUNCTION), closed on exec from their first moment.
//
// So the pairs are found afterwards, each by what only it does: an end is known by the number of bytes that were just
// sent to it. fork() waits while a multi handle is made, and its child has no pair of that kind. posix_spawn(),
// system() and vfork() ask nobody, and for a look-up fork() cannot wait either (what it calls may register handlers of
// forks): what is started within the microseconds between the making of a pair and this may still inherit it. It can do
// no harm with it: the ends know only each other.
//
// Thread-safety: make_multi() from any thread; close_lookup_on_exec() from the one that performs the handle.
#ifndef LOGS_SDK_SHIPPER_CURL_DESCRIPTORS_H_
#define LOGS_SDK_SHIPPER_CURL_DESCRIPTORS_H_

#include <curl/curl.h>

namespace logs_sdk::inline v1 {

// Whether the libcurl at hand leaves open what is described above.
bool curl_leaves_open() noexcept;

// curl_multi_init(), whose pair is closed on exec.
CURLM* make_multi() noexcept;

// The pair of the look-up that runs in this handle, if one does. Those with a number from 1,024 on are out of reach of
// the call that tells it, and stay as they are for the time of the look-up.
void close_lookup_on_exec(CURLM* multi) noexcept;

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_CURL_DESCRIPTORS_H_
