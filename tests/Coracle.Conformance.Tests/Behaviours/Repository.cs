namespace Coracle.Conformance.Tests;

/// <summary>Where this repository is, and the folder of facts about upstream beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>A file of facts; the test is skipped where they are absent.</summary>
    public static string Reference(string relative)
    {
        var folder = Path.Combine(Root, "..", "shared", "reference");
        Assert.SkipUnless(Directory.Exists(folder), "the reference folder (../shared/reference) is not here");
        return Path.Combine(folder, relative);
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Coracle.slnx"))) return folder.FullName;
        throw new InvalidOperationException("these tests run in the repository");
    }
}
