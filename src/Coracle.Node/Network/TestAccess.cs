using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Coracle.Node.Network.Tests")]
