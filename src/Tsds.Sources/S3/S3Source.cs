using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Tsds.Data.Files;

namespace Tsds.Sources.S3;

/// <summary>Files in object storage: Amazon S3, and other services with its protocol.</summary>
/// <param name="settings">The server.</param>
/// <param name="retries">How often a request is sent again at once. None where files are read: those who read know what
/// they have, and ask for the rest.</param>
internal sealed class S3Source(S3Settings settings, int retries = 0) : IFileSource
{
    /// <summary>The size of the parts in which larger files are sent.</summary>
    private const int PartBytes = 8 << 20;

    /// <summary>The most parts that a file may have.</summary>
    private const int MostParts = 10_000;

    private readonly S3Clients _clients = new(settings, retries);

    public bool Serves(string scheme) => scheme == "s3";

    public string RootOf(string address) => Parse(address).Root;

    public async Task<RemoteFile?> FindAsync(string address, CancellationToken cancellationToken)
    {
        S3Address parsed = Parse(address);
        if (parsed.Key.Length == 0)
        {
            return null;
        }

        try
        {
            GetObjectMetadataResponse found = await Open(parsed)
                .GetObjectMetadataAsync(
                    new GetObjectMetadataRequest { BucketName = parsed.Bucket, Key = parsed.Key },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return FileOf(parsed, parsed.Key, found.ContentLength, found.ETag);
        }
        catch (AmazonServiceException exception)
            when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            // To those who may not list, what is not there is forbidden: a list tells which.
            return null;
        }
        catch (AmazonServiceException exception)
        {
            throw Explain(parsed, exception);
        }
    }

    public async Task<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        S3Address parsed = Parse(folder);
        ListObjectsV2Request request = new() { BucketName = parsed.Bucket, Prefix = parsed.Key };
        List<RemoteFile> files = [];
        do
        {
            ListObjectsV2Response page;
            try
            {
                page = await Open(parsed).ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonServiceException exception)
            {
                throw Explain(parsed, exception);
            }

            // Some tools write an empty object for a folder.
            files.AddRange(
                (page.S3Objects ?? [])
                    .Where(item => !item.Key.EndsWith('/'))
                    .Select(item => FileOf(parsed, item.Key, item.Size ?? 0, item.ETag))
            );
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        } while (request.ContinuationToken is not null);

        files.Sort((one, other) => StringComparer.Ordinal.Compare(one.Address, other.Address));
        return files;
    }

    public async Task<Stream> OpenAsync(RemoteFile file, long offset, long count, CancellationToken cancellationToken)
    {
        S3Address parsed = Parse(file.Location);
        try
        {
            GetObjectResponse response = await Open(parsed)
                .GetObjectAsync(
                    new GetObjectRequest
                    {
                        BucketName = parsed.Bucket,
                        Key = parsed.Key,
                        ByteRange = new ByteRange(offset, offset + count - 1),
                        EtagToMatch = file.Version,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            try
            {
                Check(file, response, offset, count);
                return response.ResponseStream;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (AmazonServiceException exception)
            when (exception.StatusCode
                    is HttpStatusCode.PreconditionFailed
                        or HttpStatusCode.RequestedRangeNotSatisfiable
                        or HttpStatusCode.NotFound
            )
        {
            throw SourceException.Changed(file, $"the server answered {(int)exception.StatusCode}");
        }
        catch (AmazonServiceException exception)
        {
            throw Explain(parsed, exception);
        }
    }

    /// <summary>Writes a file, where there is none of that name.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="path">The file on disk.</param>
    /// <param name="cancellationToken">Stops; nothing is there, or all.</param>
    /// <exception cref="SourceException">The server refuses, or cannot be reached.</exception>
    public async Task PutAsync(string address, string path, CancellationToken cancellationToken)
    {
        S3Address parsed = Parse(address);
        long bytes = new FileInfo(path).Length;
        try
        {
            if (bytes > PartBytes)
            {
                await PutPartsAsync(parsed, path, bytes, cancellationToken).ConfigureAwait(false);
                return;
            }

            // Not in signed pieces, which some servers take for the content.
            PutObjectRequest request = new()
            {
                BucketName = parsed.Bucket,
                Key = parsed.Key,
                FilePath = path,
                UseChunkEncoding = false,
            };
            await Open(parsed).PutObjectAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException exception)
        {
            throw Explain(parsed, exception, "written to");
        }
    }

    /// <summary>Deletes a file; one that is not there is none.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="SourceException">The server refuses, or cannot be reached.</exception>
    public async Task DeleteAsync(string address, CancellationToken cancellationToken)
    {
        S3Address parsed = Parse(address);
        try
        {
            await Open(parsed)
                .DeleteObjectAsync(
                    new DeleteObjectRequest { BucketName = parsed.Bucket, Key = parsed.Key },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (AmazonServiceException exception)
        {
            throw Explain(parsed, exception, "written to");
        }
    }

    public void Dispose() => _clients.Dispose();

    private async Task PutPartsAsync(S3Address address, string path, long bytes, CancellationToken cancellationToken)
    {
        AmazonS3Client client = Open(address);
        (string bucket, string key) = (address.Bucket, address.Key);
        string id = (
            await client.InitiateMultipartUploadAsync(bucket, key, cancellationToken).ConfigureAwait(false)
        ).UploadId;
        try
        {
            long partBytes = Math.Max(PartBytes, (bytes + MostParts - 1) / MostParts);
            List<PartETag> parts = [];
            for (long first = 0; first < bytes; first += partBytes)
            {
                UploadPartRequest request = new()
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = id,
                    PartNumber = parts.Count + 1,
                    FilePath = path,
                    FilePosition = first,
                    PartSize = Math.Min(partBytes, bytes - first),
                    UseChunkEncoding = false,
                };
                UploadPartResponse sent = await client
                    .UploadPartAsync(request, cancellationToken)
                    .ConfigureAwait(false);
                parts.Add(new PartETag(request.PartNumber.Value, sent.ETag));
            }

            CompleteMultipartUploadRequest complete = new()
            {
                BucketName = bucket,
                Key = key,
                UploadId = id,
                PartETags = parts,
            };
            await CompleteAsync(client, complete, bytes, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await AbortAsync(client, bucket, key, id).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a file of its parts, of which there was none before.</summary>
    private static async Task CompleteAsync(
        AmazonS3Client client,
        CompleteMultipartUploadRequest request,
        long bytes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await client.CompleteMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException)
        {
            // An answer that was lost may have said that it is done, and the second call finds no parts any more.
            GetObjectMetadataResponse found = await client
                .GetObjectMetadataAsync(request.BucketName, request.Key, cancellationToken)
                .ConfigureAwait(false);
            if (found.ContentLength != bytes)
            {
                throw;
            }
        }
    }

    private static async Task AbortAsync(AmazonS3Client client, string bucket, string key, string id)
    {
        try
        {
            await client.AbortMultipartUploadAsync(bucket, key, id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AmazonServiceException or HttpRequestException or IOException)
        {
            // The server removes what was not completed, and the error before this one says more.
        }
    }

    private static void Check(RemoteFile file, GetObjectResponse response, long offset, long count)
    {
        if (response.ETag is { } etag && file.Version is { } version && etag != version)
        {
            throw SourceException.Changed(file, SourceException.Describe(etag, file.Bytes));
        }

        string? total = response.ContentRange?.Split('/')[^1];
        if (total is not null && long.TryParse(total, out long bytes) && bytes != file.Bytes)
        {
            throw SourceException.Changed(file, $"{bytes} bytes");
        }

        // A server that sends all where a part was asked for would be read as that part.
        if (
            response.ContentRange is null
                ? count != file.Bytes
                : !response.ContentRange.Contains($" {offset}-", StringComparison.Ordinal)
        )
        {
            throw new SourceException($"the server sent other bytes than those from {offset} on") { IsPassing = true };
        }
    }

    private S3Address Parse(string address) => S3Address.Parse(address, settings.IsGateway);

    private AmazonS3Client Open(S3Address address) => _clients.Of(address.Namespace);

    private static RemoteFile FileOf(S3Address address, string key, long bytes, string? etag) =>
        new()
        {
            Address = address.Root + key,
            Location = address.Root + key,
            Bytes = bytes,
            Version = etag,
        };

    private SourceException Explain(S3Address address, AmazonServiceException exception, string right = "read")
    {
        string code = exception.ErrorCode ?? "";
        if ((int)exception.StatusCode is 0 or >= 500 || code is "SlowDown" or "RequestTimeout" or "InternalError")
        {
            return new SourceException(
                exception.StatusCode == 0
                    ? $"the server of {address.Root} cannot be reached"
                    : $"the server answered {(int)exception.StatusCode} {code}",
                exception
            )
            {
                IsPassing = true,
            };
        }

        string keys = S3Clients.HasKeys
            ? $"the keys of the environment or profile do not allow it; check AWS_ACCESS_KEY_ID, AWS_PROFILE "
                + "and their rights"
            : "it is not public; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE";
        string root = settings.IsGateway ? "hf://buckets/" + address.Root["s3://".Length..] : address.Root;
        return new SourceException(
            exception.StatusCode switch
            {
                HttpStatusCode.NotFound => $"{root}: expected a bucket, found none of that name"
                    + (settings.Endpoint is null ? "; another server than Amazon's is named with --endpoint." : "."),
                HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized =>
                    $"{root}: expected a bucket that may be {right}, found that {keys}.",
                HttpStatusCode.MovedPermanently or HttpStatusCode.BadRequest =>
                    $"{root}: expected a bucket in the region that was asked, found {code}; name the bucket's region "
                        + $"in AWS_REGION.",
                _ => $"{root}: expected an answer, found {(int)exception.StatusCode} {code}.",
            },
            exception
        );
    }
}
