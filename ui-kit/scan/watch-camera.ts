import { startDecoder } from './decoder.ts'

/** `refused`: the person or the browser says no; `none`: there is no camera. */
export type CameraStatus = 'looking' | 'refused' | 'none'
export interface CameraEvents {
  readonly onStatus: (status: CameraStatus) => void
  readonly onText: (text: string) => void
  readonly onTorch: (set: (on: boolean) => void) => void
}

const betweenPicturesMs = 140
const picture = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: { ideal: 'environment' } }

/** Opens the camera, reads a few pictures a second until stopped, and closes both. */
export function watchCamera(video: HTMLVideoElement, events: CameraEvents): () => void {
  let over = false
  let stream: MediaStream | null = null
  const decoder = startDecoder()
  const look = async () => {
    if (over) return
    const isSeen = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !document.hidden
    const text = isSeen ? await decoder.read(video) : null
    if (over) return
    if (text !== null) events.onText(text)
    setTimeout(() => void look(), betweenPicturesMs)
  }
  const open = async () => {
    if (navigator.mediaDevices === undefined) return events.onStatus('none')
    stream = await navigator.mediaDevices.getUserMedia({ video: picture, audio: false })
    if (over) return stopTracks(stream)
    video.srcObject = stream
    await video.play()
    events.onStatus('looking')
    const track = stream.getVideoTracks()[0]
    const abilities = (track?.getCapabilities?.() ?? {}) as { torch?: boolean }
    if (track !== undefined && abilities.torch === true) {
      events.onTorch((on) => void track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }))
    }
    void look()
  }
  open().catch((fault: unknown) => {
    const refused = fault instanceof DOMException && fault.name === 'NotAllowedError'
    if (!over) events.onStatus(refused ? 'refused' : 'none')
  })
  return () => {
    over = true
    decoder.stop()
    if (stream !== null) stopTracks(stream)
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
