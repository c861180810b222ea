namespace Coracle.ApiServer;

/// <summary>What /version says. Clients read major and minor to decide what the server can do.</summary>
public static class VersionInfo
{
    public const string Major = "1";
    public const string Minor = "36";

    /// <summary>The version of the API; what follows the plus names who serves it.</summary>
    public const string GitVersion = "v1.36.0+coracle";

    public static byte[] Json { get; } = System.Text.Encoding.UTF8.GetBytes(
        $$"""
        {
          "major": "{{Major}}",
          "minor": "{{Minor}}",
          "emulationMajor": "{{Major}}",
          "emulationMinor": "{{Minor}}",
          "minCompatibilityMajor": "1",
          "minCompatibilityMinor": "35",
          "gitVersion": "{{GitVersion}}",
          "gitCommit": "",
          "gitTreeState": "clean",
          "buildDate": "1970-01-01T00:00:00Z",
          "goVersion": "",
          "compiler": "dotnet",
          "platform": "linux/amd64"
        }
        """);
}
