using System.Diagnostics;
using System.Globalization;

namespace Coracle.Node.Containerd;

/// <summary>The release of a containerd binary; its configuration depends on it.</summary>
public readonly record struct ContainerdVersion(int Major, int Minor)
{
    /// <summary>Reads what <c>containerd --version</c> prints: <c>containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+b1</c>.</summary>
    public static ContainerdVersion Parse(string printed)
    {
        var words = printed.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words is ["containerd", _, var version, ..])
        {
            var numbers = version.TrimStart('v').Split('.');
            if (numbers.Length >= 2
                && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
                return new ContainerdVersion(major, minor);
        }
        throw new FormatException($"not the version of a containerd: {printed}");
    }

    internal static async Task<ContainerdVersion> Of(string binary, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(binary, "--version") { RedirectStandardOutput = true })!;
        var printed = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return Parse(printed);
    }
}
