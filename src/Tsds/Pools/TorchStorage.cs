namespace Tsds.Pools;

/// <summary>A storage that a pickle of torch.save refers to.</summary>
/// <param name="Element">The type of its elements.</param>
/// <param name="Key">The name of its entry below <c>data/</c>.</param>
/// <param name="Count">Its elements.</param>
internal sealed record TorchStorage(VectorElement Element, string Key, long Count);
