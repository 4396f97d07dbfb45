// ConnectionTable: the connections of one server, how many of them one peer may have, and who goes for whom.
//
// Only a request that has passed its guard keeps its place whatever comes. Else a newcomer to a full table takes the
// place of whoever has stood longest: of those that have not shown yet who they are (silent, within a header, being
// refused, taking an open page), then of those that have and now wait. A flood so evicts itself, and a newcomer has
// for its request the time in which the flood fills the table once.
// Internal to this folder: includes Asio and Beast. Thread-safety: every call from any thread.
#ifndef LOGS_SERVER_HTTP_CONNECTION_TABLE_H_
#define LOGS_SERVER_HTTP_CONNECTION_TABLE_H_

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/http/http_server.h"

namespace logs_server {

class Connection;

class ConnectionTable {
 public:
  explicit ConnectionTable(const HttpServerOptions& options);

  // False when there is no room for it, and none can be made.
  bool enter(const std::shared_ptr<Connection>& connection);
  void leave(Connection* connection);

  // Of a connection that is in the table.
  void stand_anew(Connection* connection);  // it waits for a request, or one begins: others have stood longer
  void keep(Connection* connection);        // its request has passed a guard: it keeps its place until it stands anew

  // Whether the next would be refused although others have been told to go, and only have not noticed yet.
  bool is_crowded();
  // Has one go that may, for want of what the table does not count.
  void make_room();

  std::vector<std::shared_ptr<Connection>> living();
  bool wait_until_empty(std::chrono::milliseconds bound);

  std::size_t size();
  std::uint64_t refused_count();  // so far
  std::uint64_t retired_count();  // so far, to make room

 private:
  enum class Standing { kUnproven, kProven, kKept, kLeaving };
  static constexpr std::size_t kStandings = 4;
  // Those of one standing, who has stood longest first.
  using Queue = std::list<Connection*>;
  struct Place {
    std::weak_ptr<Connection> connection;
    std::string peer;  // empty: counted for none
    Standing standing;
    Queue::iterator at;  // in the queue of its standing
  };

  // -- Under mutex_
  bool has_room();
  bool has_room_of(const std::string& peer);
  // Has the one go that has stood longest, of one peer or (empty) of all; false when all keep their places.
  bool evict_one(const std::string& peer);
  void move(Place& place, Standing standing);
  Queue& queue(Standing standing) { return queues_[static_cast<std::size_t>(standing)]; }

  const std::size_t max_connections_;
  const std::size_t reserved_;      // for newcomers
  const std::size_t max_per_peer_;  // 0: no bound

  std::mutex mutex_;
  std::condition_variable left_;
  // Guarded by mutex_.
  std::unordered_map<Connection*, Place> places_;
  std::array<Queue, kStandings> queues_;
  std::map<std::string, std::size_t> per_peer_;
  std::uint64_t refused_count_ = 0;
  std::uint64_t retired_count_ = 0;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_CONNECTION_TABLE_H_
