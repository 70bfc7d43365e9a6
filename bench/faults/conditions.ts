/** How the comparison is made, sentence by sentence, for whoever reads the numbers. */
export const CONDITIONS: readonly string[] = [
  'Each program stands in front of three mirrors of its own, processes that answer 40 ms after a request; the first one is the bad one, from before the load begins unless the row says otherwise. What each fault is stands in test/faults/rows.',
  'All programs go through a row at the same time, on one machine, which has little to do: 20 requests a second for each at the most. Each was just started, 2.5 s before, and knows nothing of its mirrors but what its health checks found.',
  'The load is an open loop of requests at equal distances for 20 s (35 s around an outage), each for a file that nobody has asked for before (lists apart), so that no copy answers: .mod and .info in turn, or zips of 64 KiB, or two zips of 1 MiB a second. Latency counts from when a request was due. A client waits 100 s and asks once.',
  'Right: status 200, whole, and the same bytes by SHA-256; where no mirror has the file, 404. While all mirrors are down nobody can be right: those requests are not counted as wrong.',
  'nginx, HAProxy and Caddy are configured for fail-over as their documentation has it (bench/subjects): least connections, the next mirror after errors, 3 s without a byte are too long, failures in traffic take a mirror out; HAProxy and Caddy check each mirror every 2 s by the file by which Rondo does. None of them keeps a copy here; none can know what a zip should contain.',
  'goproxy/goproxy has `|` between its mirrors: it goes on after any error. It and Rondo verify with a checksum database signed by a test key, which the mirrors pass on and which the fault meets too where it meets everything. goproxy/goproxy loads a whole module when one of its files is asked for.',
  'Rondo runs with its defaults; for stale lists it is told to ask the mirrors each time (cache.fresh_ttl = 0s), since its copy would answer otherwise.',
  'Attempts are requests for files that reached a mirror, health checks and the checksum database apart. A mirror that refuses connections hears of none.',
];
