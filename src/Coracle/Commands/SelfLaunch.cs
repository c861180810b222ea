namespace Coracle.Commands;

/// <summary>How to start this very program once more.</summary>
internal static class SelfLaunch
{
    /// <summary>Run by `dotnet coracle.dll` the process is dotnet, and the first argument the assembly.</summary>
    public static (string Program, string[] Arguments) Command(params string[] arguments) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? (Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "coracle.dll"), .. arguments])
            : (Environment.ProcessPath!, arguments);
}
