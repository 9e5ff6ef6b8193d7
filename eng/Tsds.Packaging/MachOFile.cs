using System.Buffers.Binary;

namespace Tsds.Packaging;

/// <summary>The system that a 64-bit Mach-O file asks for.</summary>
internal static class MachOFile
{
    private const uint Magic = 0xFEEDFACF;
    private const int HeaderBytes = 32;
    private const int MinimumVersionCommand = 0x24;
    private const int BuildVersionCommand = 0x32;

    /// <summary>Returns the least version of macOS.</summary>
    /// <exception cref="InvalidDataException">The file is not a 64-bit Mach-O file, or does not say it.</exception>
    public static Version ReadLeastSystem(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(file) != Magic)
        {
            throw new InvalidDataException($"Expected a 64-bit Mach-O file, found {path}.");
        }

        int command = HeaderBytes;
        for (int i = 0; i < Word(file, 16); i++)
        {
            // Either command has the version as sixteen bits and twice eight: at 12 behind the platform, or at 8.
            int kind = Word(file, command);
            if (kind is BuildVersionCommand or MinimumVersionCommand)
            {
                int packed = Word(file, command + (kind == BuildVersionCommand ? 12 : 8));
                return new Version(packed >> 16, (packed >> 8) & 0xFF);
            }

            command += Word(file, command + 4);
        }

        throw new InvalidDataException($"Expected a least version of macOS in {path}, found none.");
    }

    private static int Word(byte[] file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
}
