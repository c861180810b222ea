namespace Coracle.Schema.Generator.Model;

/// <summary>What the attributes of one class say: each as the code that makes it.</summary>
internal sealed record DeclarationModel(string Namespace, string Name, EquatableArray<string> Attributes, FindingModel? Finding)
{
    public string FullName => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}
