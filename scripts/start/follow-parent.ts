/**
 * Preloaded into every child: standard input is a leash that nobody writes to. When it ends the parent is gone, however
 * it went (kill -9 too), and the child stops as if it had been asked.
 */
const killAfterMs = 15_000

process.stdin.on('end', () => {
  process.kill(process.pid, 'SIGTERM')
  // Not an exit: what is written then would wait for a reader that is gone too.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), killAfterMs).unref()
})
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume()
// The leash alone does not keep a child alive.
const leash = process.stdin as { unref?: () => void }
leash.unref?.()
