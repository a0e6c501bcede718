/** The `data:` payloads of a stream of server-sent events; one event is at most `mostEventBytes`, else it throws. */
export async function* eventData(body: AsyncIterable<Uint8Array>, mostEventBytes = 65_536): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end)
      text = text.slice(end + 2)
      const data = event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
      if (data.length > 0) yield data.join('\n')
    }
    if (text.length > mostEventBytes) throw new Error('an event of the stream is too large')
  }
}
