using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Tsds.IntegrationTests.Sources;

/// <summary>Answers requests for a file: ranges, ETags, and what goes wrong on the way.</summary>
internal static class ServedFile
{
    /// <summary>Sends a file, or the part that is asked for.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The file.</param>
    /// <param name="faults">What goes wrong, or null.</param>
    /// <param name="etag">The ETag, or null for one of the content.</param>
    public static async Task SendAsync(HttpContext context, string path, Faults? faults, string? etag = null)
    {
        if (!File.Exists(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        byte[] content = await File.ReadAllBytesAsync(path);
        ReadOnlyMemory<byte> part = content;
        etag ??= $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";
        RequestHeaders headers = context.Request.GetTypedHeaders();
        context.Response.Headers.ETag = etag;
        if (headers.Range?.Ranges.Single() is { From: { } from } range)
        {
            if (from >= content.Length)
            {
                context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                return;
            }

            long to = Math.Min(range.To ?? long.MaxValue, content.Length - 1);
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = new ContentRangeHeaderValue(from, to, content.Length).ToString();
            part = part[(int)from..(int)(to + 1)];
        }

        if (faults is null)
        {
            context.Response.ContentLength = part.Length;
            await context.Response.Body.WriteAsync(part);
            return;
        }

        await faults.SendAsync(context, part);
    }
}
