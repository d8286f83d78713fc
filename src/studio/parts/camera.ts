import { type RefObject, useEffect, useRef, useState } from 'react';

/** Browsers give the webcam to secure pages alone. */
export const hasCamera = (): boolean => navigator.mediaDevices?.getUserMedia !== undefined;

/** The webcam while it is on; it is let go when it is turned off or its view is left. */
export function useCamera(): {
  readonly on: boolean;
  /** True from its first picture on. */
  readonly ready: boolean;
  /** Why it could not be had. */
  readonly failure: string | undefined;
  readonly video: RefObject<HTMLVideoElement | null>;
  turn(on: boolean): void;
} {
  const video = useRef<HTMLVideoElement>(null);
  const [on, setOn] = useState(false);
  const [ready, setReady] = useState(false);
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    if (!on) return;
    let stream: MediaStream | undefined;
    let ended = false;
    const release = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    navigator.mediaDevices.getUserMedia({ video: true }).then(
      (got) => {
        stream = got;
        const element = video.current;
        if (ended || !element) return release();
        element.srcObject = got;
        element.addEventListener('loadeddata', () => !ended && setReady(true), { once: true });
      },
      (error: Error) => {
        setFailure(error.message);
        setOn(false);
      },
    );
    return () => {
      ended = true;
      setReady(false);
      release();
    };
  }, [on]);
  return {
    on,
    ready,
    failure,
    video,
    turn(next) {
      setFailure(undefined);
      setOn(next);
    },
  };
}

/**
 * Draws the square middle of what a webcam shows. @param longest pixels a side, at most.
 * @returns false where there is nothing to draw: no picture yet, or a page that nobody looks at.
 */
export function drawSquare(video: HTMLVideoElement, canvas: HTMLCanvasElement, longest: number): boolean {
  const side = Math.min(video.videoWidth, video.videoHeight);
  if (side === 0 || document.hidden) return false;
  canvas.width = canvas.height = Math.min(side, longest);
  const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  canvas.getContext('2d')?.drawImage(video, left, top, side, side, 0, 0, canvas.width, canvas.height);
  return true;
}
