namespace Coracle.ApiServer.Published.Tests;

/// <summary>The folder of facts about upstream, beside the repository. Tests that need it are skipped where it is absent.</summary>
internal static class Reference
{
    private static readonly string? Folder = Find();

    internal static string Path(string relative)
    {
        Assert.SkipWhen(Folder is null, "the reference folder (../shared/reference) is not here");
        return System.IO.Path.Combine(Folder!, relative);
    }

    internal static byte[] Bytes(string relative) => File.ReadAllBytes(Path(relative));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Coracle.slnx")))
                return System.IO.Path.Combine(folder.FullName, "..", "shared", "reference") is var path && Directory.Exists(path) ? path : null;
        return null;
    }
}
