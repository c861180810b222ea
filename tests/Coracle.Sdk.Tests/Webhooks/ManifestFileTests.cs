namespace Coracle.Sdk.Tests.Webhooks;

public sealed class ManifestFileTests
{
    private static readonly Dictionary<string, string> Manifests = new() { ["a.yaml"] = "kind: A\nspec: 1\n", ["b.yaml"] = "kind: B\n" };

    [Fact]
    public void What_was_written_is_as_it_should_be_and_any_drift_is_told_with_its_line()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Assert.Equal(0, ManifestFiles.Run(Manifests, [folder]));
            Assert.Equal(0, ManifestFiles.Run(Manifests, ["--check", folder]));
            File.WriteAllText(Path.Combine(folder, "a.yaml"), "kind: A\nspec: 2\n");
            File.Delete(Path.Combine(folder, "b.yaml"));
            File.WriteAllText(Path.Combine(folder, "c.yaml"), "kind: C\n");
            Assert.Equal(
                [
                    $"{Path.Combine(folder, "a.yaml")}(2): error MANIFEST2: this is not what the code says; 'dotnet build -p:AcceptManifests=true' writes it",
                    $"{Path.Combine(folder, "b.yaml")} : error MANIFEST1: there is no such file; 'dotnet build -p:AcceptManifests=true' writes it",
                    $"{Path.Combine(folder, "c.yaml")} : error MANIFEST3: nothing in the code makes this file",
                ], ManifestFiles.Differences(Manifests, folder));
            Assert.Equal(1, ManifestFiles.Run(Manifests, ["--check", folder]));
            Assert.Equal(2, ManifestFiles.Run(Manifests, []));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Rules_are_said_in_as_few_as_can_be_and_always_in_the_same_order()
    {
        RbacRule[] rules = [RbacRule.Of("b", "w", "list", "get"), RbacRule.Of("b", "x", "get", "list"), RbacRule.Of("a", "z", "create"), RbacRule.Of("a", "z", "*"), RbacRule.Of("", "s", "get") with { Namespace = "n" }];
        var text = Rbac.Manifest("op", "home", rules);
        Assert.Equal(text, Rbac.Manifest("op", "home", Enumerable.Reverse(rules)));
        Assert.Contains("""
            rules:
            - apiGroups:
              - a
              resources:
              - z
              verbs:
              - '*'
            - apiGroups:
              - b
              resources:
              - w
              - x
              verbs:
              - get
              - list
            ---
            """, text, StringComparison.Ordinal);
        Assert.Contains("kind: RoleBinding", text, StringComparison.Ordinal);
    }
}
