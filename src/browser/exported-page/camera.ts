import { element } from './element.ts';

/**
 * The camera, from the button's press until `stop`. @param onFrame is waited for before the next frame is taken, so that
 * a slow model gets fewer of them and never a queue.
 */
export function offerCamera(
  onFrame: (frame: ImageBitmap) => Promise<void>,
  onTrouble: (text: string) => void,
): { stop(): void } {
  const video = element<HTMLVideoElement>('video');
  const button = element<HTMLButtonElement>('camera');
  let stream: MediaStream | undefined;
  const stop = (): void => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
    button.textContent = 'Start the camera';
  };
  const start = async (): Promise<void> => {
    if (!navigator.mediaDevices) {
      onTrouble('This browser gives no camera to a page that was opened this way. Choose a picture instead.');
      return;
    }
    button.disabled = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      video.srcObject = stream;
      await video.play();
      button.textContent = 'Stop the camera';
      void watch(stream);
    } catch (error) {
      stop();
      onTrouble(`No camera: ${(error as Error).message || (error as Error).name}. Choose a picture instead.`);
    } finally {
      button.disabled = false;
    }
  };
  const watch = async (own: MediaStream): Promise<void> => {
    while (stream === own) {
      try {
        if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) await onFrame(await createImageBitmap(video));
      } catch (error) {
        if (stream !== own) return;
        stop();
        onTrouble((error as Error).message);
        return;
      }
      await new Promise(requestAnimationFrame);
    }
  };
  button.addEventListener('click', () => void (stream ? stop() : start()));
  return { stop };
}
