import KDBush from 'kdbush';

/** Builds the spatial index of the map beside the page, so that nothing stands still while it is made. */
self.onmessage = (event: MessageEvent<{ x: Float32Array; y: Float32Array }>) => {
  const { x, y } = event.data;
  const index = new KDBush(x.length, 16, Float32Array);
  for (let i = 0; i < x.length; i++) {
    index.add(x[i]!, y[i]!);
  }

  index.finish();
  postMessage(index.data, { transfer: [index.data] });
};
