using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using Tsds.Data.Store;
using Tsds.Orleans.Hosting;
using Tsds.Orleans.Wire;

namespace Tsds.Tests.Orleans;

/// <summary>A worker on a busy machine answers too late, now and then or always.</summary>
public sealed class StoreSnapshotTests
{
    private static readonly byte[] Manifest = Encoding.UTF8.GetBytes("{}");

    private static readonly WorkerStatus Status = new("worker", "id", "store", [0], Manifest.Length, []);

    [Fact]
    public async Task FetchAsync_AnswerTooLateOnce_IsAskedForAgain()
    {
        using StoreSnapshot snapshot = await StoreSnapshot.FetchAsync(LateWorker.Create(lateAnswers: 1), Status);
        Assert.Equal(
            Manifest,
            await File.ReadAllBytesAsync(
                Path.Combine(snapshot.Folder, StoreManifest.FileName),
                TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task FetchAsync_NoAnswer_IsOneSentence() =>
        Assert.Contains(
            "Expected the worker worker to send the manifest of its vector store, found that it did not answer",
            (
                await Assert.ThrowsAsync<IOException>(() =>
                    StoreSnapshot.FetchAsync(LateWorker.Create(lateAnswers: int.MaxValue), Status)
                )
            ).Message,
            StringComparison.Ordinal
        );

    /// <summary>A worker that has only a manifest, and whose first answers do not come in time.</summary>
    [SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives a type from it.")]
    internal class LateWorker : DispatchProxy
    {
        private int _lateAnswers;

        public static IWorkerGrain Create(int lateAnswers)
        {
            IWorkerGrain worker = Create<IWorkerGrain, LateWorker>();
            ((LateWorker)(object)worker)._lateAnswers = lateAnswers;
            return worker;
        }

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal(nameof(IWorkerGrain.ReadStoreFileAsync), targetMethod?.Name);
            return _lateAnswers-- > 0 ? Task.FromException<byte[]>(new TimeoutException()) : Task.FromResult(Manifest);
        }
    }
}
