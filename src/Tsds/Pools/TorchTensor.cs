namespace Tsds.Pools;

/// <summary>A tensor as a pickle of torch.save describes it.</summary>
/// <param name="Storage">Where its elements lie.</param>
/// <param name="Offset">Its first element there.</param>
/// <param name="Shape">Its lengths.</param>
/// <param name="Strides">Elements from one index to the next; as many as lengths.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides);
