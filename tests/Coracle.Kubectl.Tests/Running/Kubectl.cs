namespace Coracle.Kubectl.Tests;

/// <summary>Where a kubectl of a given version is on this machine. Debian's package of the Cloud SDK brings several, side by side.</summary>
internal static class Kubectl
{
    /// <summary>The version that transcripts are written for; a machine with one kubectl only uses that one.</summary>
    public const string Usual = "1.33";

    private const string SeveralVersions = "/usr/lib/google-cloud-sdk/bin";

    /// <summary>The path, or null where this machine has none.</summary>
    public static string? Find(string version)
    {
        var given = Path.Combine(SeveralVersions, $"kubectl.{version}");
        if (File.Exists(given)) return given;
        return version != Usual ? null : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append(SeveralVersions)
            .Where(directory => directory.Length > 0).Select(directory => Path.Combine(directory, "kubectl")).FirstOrDefault(File.Exists);
    }
}
