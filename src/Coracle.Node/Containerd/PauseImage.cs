using System.Runtime.InteropServices;

namespace Coracle.Node.Containerd;

/// <summary>The image of the sandboxes' first process: nothing but <see cref="PauseProgram"/>.</summary>
internal static class PauseImage
{
    /// <summary>Not of any registry: it is imported, never pulled.</summary>
    public const string Name = "localhost/coracle/pause:1";

    public static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => throw new PlatformNotSupportedException($"no pause program for {other}"),
    };

    /// <summary>Writes it as an OCI image tar.</summary>
    public static Task Write(Stream to, CancellationToken cancel)
    {
        var program = PauseProgram.Executable(Architecture);
        return OciImageWriter.Write(to, new OciImage
        {
            Name = Name,
            Architecture = Architecture,
            Entrypoint = ["/pause"],
            User = "65535:65535",
            Layers = [[ImageFile.Of("pause", program, mode: 0b111_101_101)]],
        }, cancel);
    }
}
